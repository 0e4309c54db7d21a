// Begins a domain: npm run new:domain -- recipes [recipe]
import { join } from 'node:path'
import { writeDomain } from './new-domain/write-domain.ts'

const [domain = '', noun = domain.replace(/ies$/, 'y').replace(/s$/, ''), ...more] = process.argv.slice(2)

if (!/^[a-z]{2,30}$/.test(domain) || !/^[a-z]{2,30}$/.test(noun) || noun === domain || more.length > 0) {
  console.error('Usage: npm run new:domain -- <plural noun> [singular noun], both in lower-case letters, such as: recipes recipe')
  process.exit(1)
}

try {
  const { files, wiring } = writeDomain(join(import.meta.dirname, '..'), { domain, noun })
  console.log([
    ...files.map((file) => `wrote  ${file}`), '',
    'Now add to server/src/domains.ts, below the domains that it uses:', ...wiring.map((line) => `  ${line}`), '',
    'Then: the French words in its action, npm run migrate -- up, npm run db:types, npm run reference, npm test.',
  ].join('\n'))
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
