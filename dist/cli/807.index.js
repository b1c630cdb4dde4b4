export const id=807;export const ids=[807];export const modules={1807:(function(e,t,n){n.r(t),n.d(t,{fixesText:()=>d});var i=n(7549),o=n(6713);function d({done:e,refused:t}){let n=e=>`  ${(0,i.g$)(`${e.at.path}:${e.at.line}`)}  ${e.rule.id}
`,r=e.length?`fixed ${(0,o.LS)(e.length,"finding")}:
`:"nothing was fixed\n",l=t.map(({finding:e,why:t})=>`${n(e)}    ${(0,i.Jj)((0,i.g$)(t),300)}
`);return[r,...e.map(n),...l.length?[`not fixed, since the result would be no better:
`,...l]:[],"\n"].join("")}})};
