/** Headers that the delivery sets itself, that steer a connection, or that would carry somebody's secret. */
const FORBIDDEN = /^(host|content-.*|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|date|via|forwarded|x-forwarded-.*|x-real-ip|proxy-.*|webhook-.*|accept-encoding|user-agent|cookie|authorization|x-http-method-override|x-method-override|x-aws-.*|x-goog-.*|metadata.*)$/
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/
const VALUE = /^[\x20-\x7e]{0,500}$/

/** The name of the first header that may not be configured, with what is wrong; undefined when all may. */
export function headerFault(headers: Record<string, string>): { name: string; fault: 'name' | 'value' | 'forbidden' } | undefined {
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name.toLowerCase())) return { name, fault: 'name' }
    if (FORBIDDEN.test(name.toLowerCase())) return { name, fault: 'forbidden' }
    if (!VALUE.test(value)) return { name, fault: 'value' }
  }
  return undefined
}
