"use strict";exports.id=682,exports.ids=[682],exports.modules={682:(e,t,n)=>{n.r(t),n.d(t,{BODY_LIMIT:()=>$,headline:()=>f,headlineText:()=>c,item:()=>g,markdown:()=>h,notice:()=>p,place:()=>S});var l=n(9432),r=n(105),i=n(5953),u=n(5904),o=n(3724),s=n(4234);let $=6e4,a={success:"\u2705",neutral:"\u26AA",failure:"\u274C"};function h(e,t={}){let{only:n}=t,a=[];"details"!==n&&a.push(function(e){let{verdict:t}=e,n=[`${f(e)}
`];t.notices.length&&n.push("\n",...t.notices.map(e=>`${p(e)}
`)),t.wouldBlock.length&&(n.push("\nThis would block:\n\n"),n.push(...t.wouldBlock.map(e=>`${p(e)}
`)));let l=(0,s.Rk)(t),r=t.requirements.filter(e=>!l.includes(e));if(t.requirements.length)for(let{topic:e,state:t,why:i}of(n.push("\n| Required | | Why |\n| --- | --- | --- |\n"),[...l,...r]))n.push(`| ${e} | ${"not-met"===t?"**not met**":s.xj[t]} | ${m(i)} |
`);let[i="",...u]=n;return{open:i,items:u,count:u.length,rest:e=>`
${(0,s.LS)(e,"more line")}
`}}(e),...function({repo:e,verdict:t},n){let r=(0,s.l$)(t),i=(0,s.Ge)(r);return l.oC.flatMap(t=>{let l=i.filter(({finding:e})=>e.severity===t);if(!l.length)return[];let r=l.flatMap(({finding:e,more:t})=>[e,...t]);return{open:`
### ${(0,s.hS)(r)}${e.base?" new here":""}

`,items:function*(e,t){let n=new Set;for(let l of e){let{id:e,fix:r}=l.finding.rule;yield`${g(l,t)}${n.has(e)?"":`  <br><sub>${(0,u.CS)(r)}</sub>
`}`,n.add(e)}}(l,n),count:l.length,rest:e=>`- and ${(0,s.ai)(e)} more
`}})}(e,t)),n||a.push(...function({repo:e,verdict:t}){let n=(0,r.gateOf)(e,t.findings);return n?[{open:(0,o.gateMarkdown)(n),items:[],count:0,rest:()=>""}]:[]}(e)),"findings"!==n&&a.push(...function({repo:e,verdict:t,timing:n,took:l},r){var o,$,a;let h,d,f,c,p,m,b,k=(0,s.hf)(t),x=[];return t.unread.length&&x.push(j(`${(0,s.ai)(t.unread.length)} not checked`,t.unread,e=>(function({what:e,reason:t,at:n},l){let r=n?.path&&n.path!==e?` (${S(n,l)})`:"";return`- ${(0,u.CS)((0,u.Jj)(e,600))}${r}: ${(0,u.CS)((0,u.Jj)(t,600))}
`})(e,r))),k.length&&x.push(j(`${(0,s.ai)(k.length)} older, not counted here: ${(0,s.hS)(k)}`,(0,s.Ge)(k),e=>g(e,r))),t.hidden.length&&x.push(j(`${(0,s.ai)(t.hidden.length)} hidden`,t.hidden,e=>(function({finding:e,because:t,reason:n},l){let r=n?`${t}: ${(0,u.CS)((0,u.Jj)(n,600))}`:t;return`${g({finding:e,more:[]},l).trimEnd()} (${r})
`})(e,r))),x.push((o=e.looked,$=`${(0,s.p0)(l)}, ${(0,s.LS)(n.size,"rule")}`,a=r,h=(0,s.p5)(o),d=Object.keys(s.GW),f=s.dk.filter(e=>d.some(t=>h[t]?.[e])),c=d.filter(e=>h[e]).map(e=>`| ${s.GW[e][1]} | ${f.map(t=>(0,s.ai)(h[e]?.[t]??0)).join(" | ")} |
`),m=(p=o.filter(({as:e})=>"read"!==e)).slice(0,100).map(e=>(function({path:e,as:t,reason:n,at:l},r){let o=n?`: ${(0,u.CS)((0,u.Jj)(n,600))}`:"";return`- ${S(l??(0,i.GH)(e),r)} ${t}${o}
`})(e,a)),b=`| Files | ${f.join(" | ")} |
| --- |${" ---: |".repeat(f.length)}
`,{open:`
<details><summary>What was looked at: ${(0,s.LS)(o.length,"file")}, ${$}</summary>

`,items:c.length?[`${b}${c.join("")}${p.length?"\n":""}`,...m]:[],count:c.length?1+p.length:0,close:"\n</details>\n",rest:e=>`- and ${(0,s.ai)(e)} more
`})),x}(e,t));let c="details"===n?"":`
<sub>${(0,s.X5)(e)}</sub>
`;return function(e,t){let n="",l=t-60,r=0;for(let{open:t,items:i,count:u,close:o="",rest:s}of e){let e=d(t)+d(o)+d(s(u));if(e>l){r++;continue}l-=e;let $=t,a=0;for(let e of i){let t=d(e);if(t>l)break;l-=t,$+=e,a++}let h=u-a;n+=$+(h>0?s(h):"")+o}return r?`${n}
${(0,s.LS)(r,"part")} left out for their size.
`:n}(a,(t.limit??$)-d(c))+c}let d=e=>Buffer.byteLength(e);function f(e){let{verdict:t}=e,n=void 0===t.failed?a[t.conclusion]:a.failure;return`${n} **${(0,s.bu)(t)}**: ${(0,u.CS)((0,u.Jj)((0,s.xx)(e),600))}`}function c(e){return(0,u.g$)(`${(0,s.bu)(e.verdict)}: ${(0,s.xx)(e)}`)}let p=e=>`- ${(0,u.CS)((0,u.Jj)(e,600))}`,m=e=>(0,u.CS)((0,u.Jj)(e,600),!0);function g({finding:e,more:t},n){let l=t.length?` (${(0,s.v)(t)})`:"";return`- ${S(e.at,n)} ${(0,u.CS)((0,u.Jj)(e.message,600))}${l} \xb7 ${(0,u.aY)(e.rule.id)}
`}function S(e,{blob:t},n=!1){if(!e.path)return"the repository:";let l=(0,u.aY)(`${(0,u.Jj)(e.path,300)}:${e.line}`,n);if(!t)return l;let r=(0,s.fM)(e);return`[${l}](${t}/${(0,u.Gm)(e.path)}#L${e.line}${r>e.line?`-L${r}`:""})`}function j(e,t,n){return{open:`
<details><summary>${e}</summary>

`,items:t.slice(0,100).map(n),count:t.length,close:"\n</details>\n",rest:e=>`- and ${(0,s.ai)(e)} more
`}}}};
