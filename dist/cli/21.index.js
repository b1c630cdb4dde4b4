export const id=21;export const ids=[21];export const modules={5402:(function(e,t,n){n.r(t),n.d(t,{BODY_LIMIT:()=>o,headline:()=>h,headlineText:()=>d,item:()=>p,markdown:()=>s,notice:()=>f,place:()=>m});var l=n(2193),r=n(676),i=n(2527),u=n(8191);let o=6e4,$={success:"\u2705",neutral:"\u26AA",failure:"\u274C"};function s(e,t={}){let{only:n}=t,$=[];"details"!==n&&$.push(function(e){let{verdict:t}=e,n=[`${h(e)}
`];t.notices.length&&n.push("\n",...t.notices.map(e=>`${f(e)}
`)),t.wouldBlock.length&&(n.push("\nThis would block:\n\n"),n.push(...t.wouldBlock.map(e=>`${f(e)}
`)));let l=(0,u.Rk)(t),r=t.requirements.filter(e=>!l.includes(e));if(t.requirements.length)for(let{topic:e,state:t,why:i}of(n.push("\n| Required | | Why |\n| --- | --- | --- |\n"),[...l,...r]))n.push(`| ${e} | ${"not-met"===t?"**not met**":u.xj[t]} | ${c(i)} |
`);let[i="",...o]=n;return{open:i,items:o,count:o.length,rest:e=>`
${(0,u.LS)(e,"more line")}
`}}(e),...function({repo:e,verdict:t},n){let r=(0,u.l$)(t),o=(0,u.Ge)(r);return l.oC.flatMap(t=>{let l=o.filter(({finding:e})=>e.severity===t);if(!l.length)return[];let r=l.flatMap(({finding:e,more:t})=>[e,...t]);return{open:`
### ${(0,u.hS)(r)}${e.base?" new here":""}

`,items:function*(e,t){let n=new Set;for(let l of e){let{id:e,fix:r}=l.finding.rule;yield`${p(l,t)}${n.has(e)?"":`  <br><sub>${(0,i.CS)(r)}</sub>
`}`,n.add(e)}}(l,n),count:l.length,rest:e=>`- and ${(0,u.ai)(e)} more
`}})}(e,t)),"findings"!==n&&$.push(...function({repo:e,verdict:t,timing:n,took:l},o){var $,s,a;let h,d,f,c,S,b,j,k=(0,u.hf)(t),x=[];return t.unread.length&&x.push(g(`${(0,u.ai)(t.unread.length)} not checked`,t.unread,e=>(function({what:e,reason:t,at:n},l){let r=n?.path&&n.path!==e?` (${m(n,l)})`:"";return`- ${(0,i.CS)((0,i.Jj)(e,600))}${r}: ${(0,i.CS)((0,i.Jj)(t,600))}
`})(e,o))),k.length&&x.push(g(`${(0,u.ai)(k.length)} older, not counted here: ${(0,u.hS)(k)}`,(0,u.Ge)(k),e=>p(e,o))),t.hidden.length&&x.push(g(`${(0,u.ai)(t.hidden.length)} hidden`,t.hidden,e=>(function({finding:e,because:t,reason:n},l){let r=n?`${t}: ${(0,i.CS)((0,i.Jj)(n,600))}`:t;return`${p({finding:e,more:[]},l).trimEnd()} (${r})
`})(e,o))),x.push(($=e.looked,s=`${(0,u.p0)(l)}, ${(0,u.LS)(n.size,"rule")}`,a=o,h=(0,u.p5)($),d=Object.keys(u.GW),f=u.dk.filter(e=>d.some(t=>h[t]?.[e])),c=d.filter(e=>h[e]).map(e=>`| ${u.GW[e][1]} | ${f.map(t=>(0,u.ai)(h[e]?.[t]??0)).join(" | ")} |
`),b=(S=$.filter(({as:e})=>"read"!==e)).slice(0,100).map(e=>(function({path:e,as:t,reason:n,at:l},u){let o=n?`: ${(0,i.CS)((0,i.Jj)(n,600))}`:"";return`- ${m(l??(0,r.GH)(e),u)} ${t}${o}
`})(e,a)),j=`| Files | ${f.join(" | ")} |
| --- |${" ---: |".repeat(f.length)}
`,{open:`
<details><summary>What was looked at: ${(0,u.LS)($.length,"file")}, ${s}</summary>

`,items:c.length?[`${j}${c.join("")}${S.length?"\n":""}`,...b]:[],count:c.length?1+S.length:0,close:"\n</details>\n",rest:e=>`- and ${(0,u.ai)(e)} more
`})),x}(e,t));let d="details"===n?"":`
<sub>${(0,u.X5)(e)}</sub>
`;return function(e,t){let n="",l=t-60,r=0;for(let{open:t,items:i,count:u,close:o="",rest:$}of e){let e=a(t)+a(o)+a($(u));if(e>l){r++;continue}l-=e;let s=t,h=0;for(let e of i){let t=a(e);if(t>l)break;l-=t,s+=e,h++}let d=u-h;n+=s+(d>0?$(d):"")+o}return r?`${n}
${(0,u.LS)(r,"part")} left out for their size.
`:n}($,(t.limit??o)-a(d))+d}let a=e=>Buffer.byteLength(e);function h(e){let{verdict:t}=e,n=void 0===t.failed?$[t.conclusion]:$.failure;return`${n} **${(0,u.bu)(t)}**: ${(0,i.CS)((0,i.Jj)((0,u.xx)(e),600))}`}function d(e){return(0,i.printable)(`${(0,u.bu)(e.verdict)}: ${(0,u.xx)(e)}`)}let f=e=>`- ${(0,i.CS)((0,i.Jj)(e,600))}`,c=e=>(0,i.CS)((0,i.Jj)(e,600),!0);function p({finding:e,more:t},n){let l=t.length?` (${(0,u.v)(t)})`:"";return`- ${m(e.at,n)} ${(0,i.CS)((0,i.Jj)(e.message,600))}${l} \xb7 ${(0,i.aY)(e.rule.id)}
`}function m(e,{blob:t},n=!1){if(!e.path)return"the repository:";let l=(0,i.aY)(`${(0,i.Jj)(e.path,300)}:${e.line}`,n);if(!t)return l;let r=(0,u.fM)(e);return`[${l}](${t}/${(0,i.Gm)(e.path)}#L${e.line}${r>e.line?`-L${r}`:""})`}function g(e,t,n){return{open:`
<details><summary>${e}</summary>

`,items:t.slice(0,100).map(n),count:t.length,close:"\n</details>\n",rest:e=>`- and ${(0,u.ai)(e)} more
`}}})};
