// Node's `ws` against an echo server: node client.js URL
const WebSocket = require('ws');
const sent = ['hello', '', 'käse 🧀', 'x'.repeat(100000), Buffer.alloc(0), Buffer.alloc(70000, 7)];
const socket = new WebSocket(process.argv[2], ['a', 'b'], {
  perMessageDeflate: { threshold: 0, serverMaxWindowBits: 10 },
});
let received = 0;
socket.on('open', () => {
  console.log('protocol ' + socket.protocol);
  console.log('extensions ' + socket.extensions);
  socket.ping('there?');
  sent.forEach((message) => socket.send(message));
});
socket.on('pong', (payload) => console.log('pong ' + payload));
socket.on('message', (data, binary) => {
  const expected = sent[received++];
  const same =
    binary === Buffer.isBuffer(expected) && Buffer.compare(data, Buffer.from(expected)) === 0;
  console.log('message ' + received + ' ' + same);
  if (received === sent.length) {
    socket.close(4001, 'done');
  }
});
socket.on('close', (code) => console.log('closed ' + code));
socket.on('error', (error) => console.log('error ' + error.message));
