/** What the server answers with: JSON, problems, the two exports, and the figures for Prometheus. */
const OFFERED = ['application/json', 'application/problem+json', 'application/xml', 'application/x-ndjson', 'text/plain']

/** Whether an Accept header takes anything that we offer (RFC 9110 §12.5.1): the most specific range decides on each type. */
export function isAcceptable(header: string | undefined): boolean {
  if (header === undefined || header === '*/*') return true
  const weights = new Map(header.toLowerCase().split(',').map(readRange))
  return OFFERED.some((type) => (weights.get(type) ?? weights.get(`${type.split('/')[0]}/*`) ?? weights.get('*/*') ?? 0) > 0)
}

function readRange(text: string): [string, number] {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  return [range, weight === undefined ? 1 : Number(weight.slice(2))]
}
