# certify in a small image:
#   docker build -t certify .
#   docker run --rm -v "$PWD:/work" certify check model.safetensors
# `make docker` builds it without a registry of images, and runs it.
ARG SWIFT=6.3
ARG DEBIAN=bookworm

FROM swift:${SWIFT}-${DEBIAN} AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      pkg-config liblapacke-dev libopenblas-dev libglpk-dev zlib1g-dev
WORKDIR /source
COPY . .
RUN swift build -c release --product certify --static-swift-stdlib \
    && install -D --strip .build/release/certify /install/certify

FROM debian:${DEBIAN}-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
      liblapacke libopenblas0-pthread libglpk40 libstdc++6 zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /install/certify /usr/local/bin/certify
WORKDIR /work
ENTRYPOINT ["certify"]
