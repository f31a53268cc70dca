/** Mail by SMTP: one connection for each message, so that nothing of one can harm the next. */

import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Message } from '../texts/message.ts';
import { newsOf } from '../texts/news.ts';
import { attempt, attemptMaxMs, type Channel, type Receipt, type ReceiptReason, receipt } from './channel.ts';
import { domainIn, mailAddress, named } from './mail-address.ts';
import { footOf, mailHtml, mailText } from './mail-page.ts';

export interface MailSettings {
  /** `smtp://user:password@host:587`; `smtps://` for TLS from the start. */
  readonly url: string;
  /** The hub's own address. */
  readonly from: string;
  readonly maxMs?: number;
}

export interface MailAddressee {
  readonly address: string;
  /** Takes a POST as RFC 8058 has it. */
  readonly unsubscribe?: string | undefined;
}

/** Answers longer than this are no SMTP server's. */
const responseMax = 65_536;
/** For the server's goodbye. */
const farewellMaxMs = 1_000;

export function createMail({ url, from, maxMs = attemptMaxMs }: MailSettings): Channel<MailAddressee> {
  const server = serverOf(url, maxMs);
  return {
    name: 'mail',
    send: (message, to, signal) =>
      attempt(
        signal,
        () => {
          const address = mailAddress(to.address);
          if (address === undefined) return receipt('refused', 'no-address');
          return { envelope: { from, to: [address] }, mail: compose(message, { ...to, address }, from) };
        },
        (prepared, ending) => deliver(server, prepared, ending),
        maxMs,
      ),
  };
}

interface PreparedMail {
  readonly envelope: { readonly from: string; readonly to: string[] };
  readonly mail: ReturnType<MailComposer['compile']>;
}

function compose(message: Message, to: MailAddressee, from: string): PreparedMail['mail'] {
  const news = newsOf(message);
  const foot = footOf(message.shop, to.unsubscribe);
  const { email: replyTo, unsubscribe } = foot;
  const mail = new MailComposer({
    from: named(message.shop.name, from),
    to: named(message.customer, to.address),
    ...(replyTo === undefined ? {} : { replyTo: named(message.shop.name, replyTo) }),
    subject: news.subject,
    text: mailText(news, foot),
    html: mailHtml(news, foot),
    messageId: messageId(message.id, from),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'Content-Language': message.language,
      ...(unsubscribe === undefined
        ? {}
        : {
            'List-Unsubscribe': { prepared: true, foldLines: false, value: `<${unsubscribe}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile();
}

/** The same for each sending of a message. */
function messageId(id: string, from: string): string {
  const own = /^[\w-]{1,64}$/.test(id) ? id : createHash('sha256').update(id).digest('base64url');
  return `<${own}@${domainIn(from)}>`;
}

// ---- SMTP ----

interface SmtpServer {
  readonly options: ConstructorParameters<typeof SMTPConnection>[0];
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
}

function serverOf(text: string, maxMs: number): SmtpServer {
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const user = decodeURIComponent(url.username);
  const isHere = /^(localhost|127(\.\d+){3}|::1)$/.test(host);
  const auth = user === '' ? undefined : { user, pass: decodeURIComponent(url.password) };
  return {
    auth,
    options: {
      ...{ host, port: url.port === '' ? (secure ? 465 : 587) : Number(url.port), secure },
      // A password does not travel in the clear.
      requireTLS: !secure && auth !== undefined && !isHere,
      ...{ connectionTimeout: maxMs, greetingTimeout: maxMs, socketTimeout: maxMs, dnsTimeout: maxMs },
      // close() drops the connection at once.
      socketCloseTimeout: 0,
      maxResponseSize: responseMax,
    },
  };
}

async function deliver(
  { options, auth }: SmtpServer,
  { envelope, mail }: PreparedMail,
  signal: AbortSignal,
): Promise<Receipt> {
  const raw = await mail.build();
  const connection = new SMTPConnection(options);
  const drop = () => connection.close();
  signal.addEventListener('abort', drop);
  let isHandingOver = false;
  try {
    if (signal.aborted) return receipt('later', 'stopped');
    // Emitted for whatever ends the connection, even after the callback.
    const failed = new Promise<never>((_, reject) => connection.on('error', reject));
    const step = (run: (done: (error?: unknown) => void) => void) =>
      Promise.race([
        failed,
        new Promise<void>((resolve, reject) => run((error) => (error ? reject(error) : resolve()))),
      ]);
    await step((done) => connection.connect(done));
    if (auth !== undefined) await step((done) => connection.login(auth, done));
    isHandingOver = true;
    await step((done) => connection.send({ ...envelope, size: raw.length }, raw, done));
  } catch (error) {
    drop();
    return receiptOfError(error, isHandingOver ? 'cut-off' : 'unreachable');
  } finally {
    signal.removeEventListener('abort', drop);
  }
  leave(connection);
  return receipt('sent', 'accepted');
}

/** The message has been taken: nobody waits for the goodbye. */
function leave(connection: SMTPConnection): void {
  const timer = setTimeout(() => connection.close(), farewellMaxMs);
  timer.unref();
  connection.once('end', () => clearTimeout(timer));
  connection.quit();
}

/** Reads what nodemailer says of an error; never its text, which quotes the server. */
function receiptOfError(error: unknown, otherwise: ReceiptReason): Receipt {
  const {
    code,
    command,
    responseCode = 0,
  } = error as {
    readonly code?: string;
    readonly command?: string;
    readonly responseCode?: number;
  };
  // Wrong names and passwords are mended by the operator, and say nothing of the message.
  if (code === 'EAUTH' || responseCode === 530) return receipt('later', 'credentials');
  if (responseCode >= 500) {
    // A server that greets so takes no mail at all.
    if (command === 'CONN' || command === 'EHLO') return receipt('later', 'unavailable');
    return receipt('refused', responseCode === 552 ? 'too-large' : 'rejected');
  }
  if (responseCode >= 400) return receipt('later', 'unavailable');
  if (code === 'EMESSAGE') return receipt('refused', 'too-large');
  // The address is of a kind that this server does not know.
  if (code === 'EENVELOPE') return receipt('refused', 'no-address');
  if (code === 'ETIMEDOUT') return receipt('later', 'timeout');
  return receipt('later', otherwise);
}
