# angiocast with Debian's ffmpeg. Options of `serve` go after the image's name, settings as in angiocast.yaml into the environment:
#   docker build -t angiocast . && docker run --read-only --tmpfs /tmp --cap-drop ALL -p 127.0.0.1:8080:8080 -e ANGIOCAST_TOKEN=… angiocast --source rtsp://192.0.2.10/stream1
# Without ANGIOCAST_TOKEN it does not start, unless `--insecure` says that everybody who reaches the port may look.
# With `--build-arg RUNTIME=cuda` the CUDA libraries of ONNX Runtime are fetched from NuGet, and the image is NVIDIA's (docs/gpu.md).
ARG RUNTIME=cpu

FROM node:22-trixie-slim AS build-cpu
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

FROM build-cpu AS build-cuda
RUN node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12

FROM build-${RUNTIME} AS built

FROM node:22-trixie-slim AS base-cpu
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*

FROM nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04 AS base-cuda
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
COPY --from=build-cpu /usr/local/bin/node /usr/local/bin/node

FROM base-${RUNTIME}
WORKDIR /app
# A container is reached from outside; what it is reached by is up to `docker run -p`.
ENV NODE_ENV=production ANGIOCAST_HOST=0.0.0.0
COPY --from=built /app/package.json /app/LICENSE ./
COPY --from=built /app/node_modules node_modules
COPY --from=built /app/dist dist
COPY --from=built /app/models/dsa-ltdnet models/dsa-ltdnet
COPY --from=built /app/deploy/demo-feed.sh deploy/
# `node` in Debian's image, `ubuntu` in NVIDIA's.
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --start-period=60s --interval=10s --timeout=3s \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; fetch(`http${process.env.ANGIOCAST_TLS ? 's' : ''}://127.0.0.1:${process.env.ANGIOCAST_PORT || 8080}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.node.js", "serve"]
