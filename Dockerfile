# The portal in production: one image for the web server, the worker and the migrations.

# The territories of France come from an npm package: data alone, no script runs.
FROM node:20-bookworm-slim AS territories
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim-bookworm AS environment
WORKDIR /build
COPY requirements/uv.txt requirements/production.txt ./
RUN python -m venv --without-pip /opt/portal \
  && pip install --no-cache-dir --require-hashes --requirement uv.txt \
  && uv pip sync --no-cache --python /opt/portal/bin/python --require-hashes production.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/portal/bin:$PATH \
  PYTHONUNBUFFERED=1 \
  DJANGO_SETTINGS_MODULE=portal.settings.production \
  DATA=/data
# What makes the PDF documents. Unpinned: Debian's mirrors keep the last point release alone.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
  && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal \
  && install -d -o portal -g portal /data
WORKDIR /srv/portal
COPY --from=environment /opt/portal /opt/portal
COPY --from=territories /build/node_modules ./node_modules
COPY . .
RUN python -m compileall -q . \
  && python scripts/compile_catalogue.py
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["python", "docker/health.py"]
ENTRYPOINT ["docker/entrypoint.sh"]
CMD ["web"]
