# The image of the service that is watched: one bundled file beside a Node without shell, package manager or node_modules.
#   docker build --target service --build-arg VERSION=1.0.0 --build-arg REVISION="$(git rev-parse HEAD)" .
# It writes no file, so it runs with a read-only root file system.

# The bundle is the same for every architecture, so it is made on the builder's own.
FROM --platform=$BUILDPLATFORM node:24-slim AS service-bundle
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No install script is needed to bundle, so none is run.
RUN npm ci --ignore-scripts
COPY service/*.ts service/
RUN node_modules/.bin/esbuild service/index.ts --bundle --platform=node --target=node24 --format=esm --log-level=warning --outfile=/out/service.mjs

FROM gcr.io/distroless/nodejs24-debian13:nonroot AS service
ARG VERSION=dev
ARG REVISION=unknown
ARG SOURCE=https://github.com/your-org/multicloud-probe
LABEL org.opencontainers.image.title="multicloud-demo" \
      org.opencontainers.image.description="Answers with the region, the pod and the version that it runs as" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
ENV NODE_ENV=production
ENV PORT=8080
ENV VERSION=$VERSION
WORKDIR /app
COPY --from=service-bundle --chmod=0444 /out/service.mjs /app/service.mjs
# By number, so that Kubernetes can see that it is not root (runAsNonRoot).
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["/nodejs/bin/node", "/app/service.mjs", "healthcheck"]
# Exec form: SIGTERM reaches Node itself, which handles it even as process 1.
ENTRYPOINT ["/nodejs/bin/node", "/app/service.mjs"]
