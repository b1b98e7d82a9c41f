# anysound for the CPU: the page and the API at port 7860, models in /root/ai-models.
#
#   docker build -t anysound .
#   docker run -p 7860:7860 -v "$PWD/ai-models:/root/ai-models" anysound
#
# docs/docker.md says more. `python -m container.prove` runs every step of this file without an engine.

# A registry's mirror may be named: --build-arg BASE=mirror.example.org/library/debian:bookworm-slim
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS python
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates python3 \
 && rm -rf /var/lib/apt/lists/*

FROM python AS builder
# What of anysound is installed: the page, and translation models for labels.
ARG EXTRAS=web,translate
# A mirror for pip: --build-arg PIP_INDEX_URL=…
ARG PIP_INDEX_URL
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-venv
RUN python3 -m venv /opt/build && python3 -m venv --without-pip /opt/anysound
WORKDIR /build
# What changes rarely is installed first, and kept when only the code has changed.
COPY pyproject.toml container/requirements.py ./
RUN /opt/build/bin/python requirements.py "${EXTRAS}" > requirements.txt \
 && /opt/build/bin/pip --python /opt/anysound install --no-cache-dir --requirement requirements.txt
COPY README.md LICENSE THIRD_PARTY.md ./
COPY src src
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --wheel-dir wheels . \
 && /opt/build/bin/pip --python /opt/anysound install --no-cache-dir --no-deps wheels/*.whl

FROM builder AS model
# A full model in the image, for machines without a network: --build-arg MODEL=laion/clap-htsat-fused
ARG MODEL=
ARG HF_ENDPOINT=
RUN mkdir -p /baked/models \
 && if [ -n "${MODEL}" ]; then ANYSOUND_HOME=/baked /opt/anysound/bin/anysound models pull "${MODEL}"; fi

FROM python
ARG MODEL=
RUN useradd --uid 1000 --create-home anysound \
 && chmod 755 /root \
 && install --directory --owner anysound --group anysound /root/ai-models /data
COPY --from=builder /opt/anysound /opt/anysound
COPY --from=model /baked/models /opt/models
COPY container/app.py container/cli_batch.py container/healthcheck.py /root/clap-htsat-fused/
ENV PATH=/opt/anysound/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    ANYSOUND_HOME=/root/ai-models \
    ANYSOUND_SHARED_MODELS=/opt/models \
    ANYSOUND_HOST=0.0.0.0 \
    ANYSOUND_UPGRADE_TO=${MODEL:-laion/clap-htsat-fused}
USER anysound
WORKDIR /root/clap-htsat-fused
EXPOSE 7860
HEALTHCHECK --start-period=60s --interval=30s --timeout=10s CMD ["python", "healthcheck.py"]
CMD ["python", "app.py"]
