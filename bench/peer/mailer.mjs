// The peer in sending: nodemailer's pool, mails rendered as Overture's are. Nothing is written down by it.
// Environment: PORT, MAILS, CONNECTIONS, SUBJECT, BODY. Prints the seconds from the first mail to the last answer.
import nodemailer from 'nodemailer';

const { PORT, MAILS, CONNECTIONS, SUBJECT, BODY } = process.env;
const transport = nodemailer.createTransport({
  pool: true, maxConnections: Number(CONNECTIONS), maxMessages: Infinity,
  host: '127.0.0.1', port: Number(PORT), secure: false, ignoreTLS: true,
});

const render = (text, values) => text.replace(/\{(\w+)\}/g, (_, token) => values[token]);

async function send(number) {
  const values = { first_name: `Pat${number}`, website: `s${number}.example`, sender_name: 'Sender' };
  await transport.sendMail({
    from: { name: 'Sender', address: `u${number % 8}@in.test` },
    to: `p${number}@s${number}.example`,
    subject: render(SUBJECT, values),
    text: render(BODY, values),
  });
}

// Twice as many under way as there are connections, so that none of them waits for us.
let next = 0;
const worker = async () => {
  while (next < Number(MAILS)) await send(next++);
};
const begin = process.hrtime.bigint();
await Promise.all(Array.from({ length: 2 * Number(CONNECTIONS) }, worker));
console.log(Number(process.hrtime.bigint() - begin) / 1e9);
transport.close();
