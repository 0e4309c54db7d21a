# The server alone, for an outside PostgreSQL or the embedded one on /data. Not built by any test: see docs/guides/operate.md.
FROM node:24-slim

WORKDIR /srv/chenu
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && mkdir --mode=700 /data && chown node:node /data
COPY server ./server

USER node
ENV HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-proto=delete", "server/src/main.ts"]
