import MailComposer from 'nodemailer/lib/mail-composer'
import type { Mail } from './mailer.ts'

/** One line: what would begin another header is a space. */
const line = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()

/** The e-mail as RFC 5322 bytes. Its Message-ID is made of its id, so that a receiver knows a second copy for one. */
export function composeMail(mail: Mail, { from, domain }: { from: string; domain: string }): Promise<Buffer> {
  const composer = new MailComposer({
    from: line(from),
    to: { name: line(mail.to.name ?? ''), address: line(mail.to.address) },
    ...(mail.replyTo ? { replyTo: { name: line(mail.replyTo.name), address: line(mail.replyTo.address) } } : {}),
    subject: line(mail.subject ?? 'Message'),
    text: mail.text, date: mail.writtenAt, messageId: `<${mail.id}@${domain}>`,
    disableFileAccess: true, disableUrlAccess: true,
  })
  return composer.compile().build()
}
