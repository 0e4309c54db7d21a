import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { VERSION } from '../version.ts'

const PAGES_POLICY = "default-src 'self'; base-uri 'none'; font-src 'self' data:; form-action 'none'; frame-ancestors 'none'; img-src 'self' data:; object-src 'none'"

/** `/openapi.json` in OpenAPI 3.1 and its pages at `/docs`, from local files. */
export async function addDocs(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'CHE·NU', version: VERSION,
        description: 'Governed intelligence: governance over execution. Every route under /api/v2 answers under /api/v1 too. Errors are RFC 9457 problems with a stable code; lists take limit and cursor; POST honours Idempotency-Key.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: jsonSchemaTransform, transformObject: jsonSchemaTransformObject,
  })
  // No badge of a validator elsewhere: the pages ask nothing of anyone but this server.
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, transformStaticCSP: () => PAGES_POLICY, uiConfig: { deepLinking: true, validatorUrl: null } })
  let text: string | undefined
  server.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(server.swagger())
    return reply.type('application/json; charset=utf-8').send(text)
  })
}
