# Two images, neither with a shell or a package manager; both run with a read-only root file system.
#   service  what is watched: one bundled file, no node_modules
#   monitor  the command line, from inside a cloud: scheduled checks, `docker run … check --topology /topology.yaml`, or a monitor
#            of its own, `docker run … watch --host 0.0.0.0 --db /state/watch.db` (docs/watch.md)
# docker build --target service --build-arg VERSION=1.0.0 --build-arg REVISION="$(git rev-parse HEAD)" .

# The bundle is the same for every architecture, so it is made on the builder's own.
FROM --platform=$BUILDPLATFORM node:24-slim AS service-bundle
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No install script is needed to bundle, so none is run.
RUN npm ci --ignore-scripts
COPY service/*.ts service/
RUN node_modules/.bin/esbuild service/index.ts --bundle --platform=node --target=node24 --format=esm --log-level=warning --outfile=/out/service.mjs

FROM --platform=$BUILDPLATFORM node:24-slim AS monitor-packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Nothing that runs has an install script or is made for one architecture.
RUN npm ci --ignore-scripts --omit=dev

FROM gcr.io/distroless/nodejs24-debian13:nonroot AS monitor
ARG VERSION=dev
ARG REVISION=unknown
ARG SOURCE=https://github.com/your-org/multicloud-probe
LABEL org.opencontainers.image.title="multicloud-probe" \
      org.opencontainers.image.description="Probes regions and DNS, and judges them by the Route 53 policy" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=monitor-packages /build/node_modules node_modules/
COPY package.json ./
COPY manifests/topology.yaml manifests/
COPY drills drills/
COPY monitor monitor/
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/monitor/cli/main.ts"]
CMD ["check"]

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
