# certify in a small image: docker build -t certify . ; docker run --rm -v "$PWD:/work" certify check model.safetensors
FROM swift:6.1-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      make pkg-config liblapacke-dev libopenblas-dev libglpk-dev zlib1g-dev
WORKDIR /source
COPY . .
RUN swift build -c release --product certify --static-swift-stdlib \
    && install -D .build/release/certify /install/certify

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
      liblapacke libopenblas0-pthread libglpk40 zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /install/certify /usr/local/bin/certify
WORKDIR /work
ENTRYPOINT ["certify"]
