"use strict";exports.id=640,exports.ids=[640],exports.modules={4640:(e,t,n)=>{n.r(t),n.d(t,{fixesText:()=>s});var i=n(5904),r=n(4234);function s({done:e,refused:t}){let n=e=>`  ${(0,i.g$)(`${e.at.path}:${e.at.line}`)}  ${e.rule.id}
`,d=e.length?`fixed ${(0,r.LS)(e.length,"finding")}:
`:"nothing was fixed\n",o=t.map(({finding:e,why:t})=>`${n(e)}    ${(0,i.Jj)((0,i.g$)(t),300)}
`);return[d,...e.map(n),...o.length?[`not fixed, since the result would be no better:
`,...o]:[],"\n"].join("")}}};
