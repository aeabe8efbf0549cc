# syntax=docker/dockerfile:1

# docker build -t twincity .
# docker run -p 8080:8080 -v twincity:/data twincity                      SQLite in the volume
# docker run -p 8080:8080 -e TWINCITY_DATABASE_URL=postgres://… twincity  PostgreSQL, TLS included

FROM rust:1.95-slim-bookworm AS build
# A C compiler is in the image (SQLite, libpq, TLS); OpenSSL's headers are for libpq's TLS.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# .cargo/config.toml carries SQLite's build flags: without it the server is half as fast.
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --profile dist --locked --features postgres-tls \
    && cp target/dist/twincity /usr/local/bin/twincity

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin twincity \
    && install -d -o twincity -g twincity /data
COPY --from=build /usr/local/bin/twincity /usr/local/bin/twincity
COPY LICENSE /usr/share/doc/twincity/LICENSE
USER 10001
WORKDIR /data
VOLUME /data
ENV TWINCITY_BIND=0.0.0.0:8080 \
    TWINCITY_DATABASE_URL=sqlite:/data/twincity.db \
    TWINCITY_LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["twincity", "healthcheck"]
ENTRYPOINT ["twincity"]
CMD ["serve"]
