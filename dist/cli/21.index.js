export const id=21;export const ids=[21];export const modules={5402:(e,t,n)=>{n.r(t),n.d(t,{BODY_LIMIT:()=>u,headline:()=>a,headlineText:()=>h,item:()=>c,markdown:()=>$,notice:()=>d,place:()=>p});var l=n(676),r=n(2527),i=n(8191);let u=6e4,o={success:"\u2705",neutral:"\u26AA",failure:"\u274C"};function $(e,t={}){let{only:n}=t,o=[];"details"!==n&&o.push(function(e){let{verdict:t}=e,n=[`${a(e)}
`];t.notices.length&&n.push("\n",...t.notices.map(e=>`${d(e)}
`)),t.wouldBlock.length&&(n.push("\nThis would block:\n\n"),n.push(...t.wouldBlock.map(e=>`${d(e)}
`)));let l=(0,i.Rk)(t),r=t.requirements.filter(e=>!l.includes(e));if(t.requirements.length)for(let{topic:e,state:t,why:u}of(n.push("\n| Required | | Why |\n| --- | --- | --- |\n"),[...l,...r]))n.push(`| ${e} | ${"not-met"===t?"**not met**":i.xj[t]} | ${f(u)} |
`);let[u="",...o]=n;return{open:u,items:o,count:o.length,rest:e=>`
${(0,i.LS)(e,"more line")}
`}}(e),...function({repo:e,verdict:t},n){let l=(0,i.l$)(t),u=(0,i.Ge)(l);return i.oC.flatMap(t=>{let l=u.filter(({finding:e})=>e.severity===t);if(!l.length)return[];let o=l.flatMap(({finding:e,more:t})=>[e,...t]);return{open:`
### ${(0,i.hS)(o)}${e.base?" new here":""}

`,items:function*(e,t){let n=new Set;for(let l of e){let{id:e,fix:i}=l.finding.rule;yield`${c(l,t)}${n.has(e)?"":`  <br><sub>${(0,r.CS)(i)}</sub>
`}`,n.add(e)}}(l,n),count:l.length,rest:e=>`- and ${(0,i.ai)(e)} more
`}})}(e,t)),"findings"!==n&&o.push(...function({repo:e,verdict:t,timing:n,took:u},o){var $,s,a;let h,d,f,g,S,b,j,k=(0,i.hf)(t),x=[];return t.unread.length&&x.push(m(`${(0,i.ai)(t.unread.length)} not checked`,t.unread,e=>(function({what:e,reason:t,at:n},l){let i=n?.path&&n.path!==e?` (${p(n,l)})`:"";return`- ${(0,r.CS)((0,r.Jj)(e,600))}${i}: ${(0,r.CS)((0,r.Jj)(t,600))}
`})(e,o))),k.length&&x.push(m(`${(0,i.ai)(k.length)} older, not counted here: ${(0,i.hS)(k)}`,(0,i.Ge)(k),e=>c(e,o))),t.hidden.length&&x.push(m(`${(0,i.ai)(t.hidden.length)} hidden`,t.hidden,e=>(function({finding:e,because:t,reason:n},l){let i=n?`${t}: ${(0,r.CS)((0,r.Jj)(n,600))}`:t;return`${c({finding:e,more:[]},l).trimEnd()} (${i})
`})(e,o))),x.push(($=e.looked,s=`${(0,i.p0)(u)}, ${(0,i.LS)(n.size,"rule")}`,a=o,h=(0,i.p5)($),d=Object.keys(i.GW),f=i.dk.filter(e=>d.some(t=>h[t]?.[e])),g=d.filter(e=>h[e]).map(e=>`| ${i.GW[e][1]} | ${f.map(t=>(0,i.ai)(h[e]?.[t]??0)).join(" | ")} |
`),b=(S=$.filter(({as:e})=>"read"!==e)).slice(0,100).map(e=>(function({path:e,as:t,reason:n,at:i},u){let o=n?`: ${(0,r.CS)((0,r.Jj)(n,600))}`:"";return`- ${p(i??(0,l.GH)(e),u)} ${t}${o}
`})(e,a)),j=`| Files | ${f.join(" | ")} |
| --- |${" ---: |".repeat(f.length)}
`,{open:`
<details><summary>What was looked at: ${(0,i.LS)($.length,"file")}, ${s}</summary>

`,items:g.length?[`${j}${g.join("")}${S.length?"\n":""}`,...b]:[],count:g.length?1+S.length:0,close:"\n</details>\n",rest:e=>`- and ${(0,i.ai)(e)} more
`})),x}(e,t));let h="details"===n?"":`
<sub>${(0,i.X5)(e)}</sub>
`;return function(e,t){let n="",l=t-60,r=0;for(let{open:t,items:i,count:u,close:o="",rest:$}of e){let e=s(t)+s(o)+s($(u));if(e>l){r++;continue}l-=e;let a=t,h=0;for(let e of i){let t=s(e);if(t>l)break;l-=t,a+=e,h++}let d=u-h;n+=a+(d>0?$(d):"")+o}return r?`${n}
${(0,i.LS)(r,"part")} left out for their size.
`:n}(o,(t.limit??u)-s(h))+h}let s=e=>Buffer.byteLength(e);function a(e){let{verdict:t}=e,n=void 0===t.failed?o[t.conclusion]:o.failure;return`${n} **${(0,i.bu)(t)}**: ${(0,r.CS)((0,r.Jj)((0,i.xx)(e),600))}`}function h(e){return(0,r.printable)(`${(0,i.bu)(e.verdict)}: ${(0,i.xx)(e)}`)}let d=e=>`- ${(0,r.CS)((0,r.Jj)(e,600))}`,f=e=>(0,r.CS)((0,r.Jj)(e,600),!0);function c({finding:e,more:t},n){let l=t.length?` (${(0,i.v)(t)})`:"";return`- ${p(e.at,n)} ${(0,r.CS)((0,r.Jj)(e.message,600))}${l} \xb7 ${(0,r.aY)(e.rule.id)}
`}function p(e,{blob:t},n=!1){if(!e.path)return"the repository:";let l=(0,r.aY)(`${(0,r.Jj)(e.path,300)}:${e.line}`,n);if(!t)return l;let u=(0,i.fM)(e);return`[${l}](${t}/${(0,r.Gm)(e.path)}#L${e.line}${u>e.line?`-L${u}`:""})`}function m(e,t,n){return{open:`
<details><summary>${e}</summary>

`,items:t.slice(0,100).map(n),count:t.length,close:"\n</details>\n",rest:e=>`- and ${(0,i.ai)(e)} more
`}}}};
