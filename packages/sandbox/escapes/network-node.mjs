// tries: a server of the machine with fetch of Node.js
// bare: always
const answer = await fetch(`http://127.0.0.1:${process.env['TCP_PORT']}/`).then((response) => response.text());
if (answer.includes('CANARY-')) console.log('ESCAPED');
