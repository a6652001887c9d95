# Dingmi in a container: the packages are checked against their hashes, the program runs as nobody
# in particular, and the image holds no tool to build with.
#
#   docker build -t dingmi .
#   docker run --rm dingmi --help

FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/dingmi \
 && /opt/dingmi/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    --only-binary :all: --requirement requirements.lock

FROM python:3.11-slim
ENV PATH=/opt/dingmi/bin:$PATH \
    PYTHONPATH=/srv/dingmi \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    DINGMI_HTTP_HOST=0.0.0.0 \
    DINGMI_HTTP_PORT=8080 \
    DINGMI_DATABASE_URL=sqlite:///var/lib/dingmi/dingmi.db
RUN groupadd --system --gid 10001 dingmi \
 && useradd --system --uid 10001 --gid dingmi --no-create-home --shell /usr/sbin/nologin dingmi \
 && install --directory --owner dingmi --group dingmi /var/lib/dingmi
COPY --from=packages /opt/dingmi /opt/dingmi
COPY LICENSE CHANGELOG.md /srv/dingmi/
COPY api /srv/dingmi/api
COPY bot /srv/dingmi/bot
COPY models /srv/dingmi/models
COPY scheduler /srv/dingmi/scheduler
RUN python -m compileall -q /srv/dingmi
USER 10001:10001
WORKDIR /var/lib/dingmi
VOLUME /var/lib/dingmi
EXPOSE 8080
# Alive, not ready: a container whose database or Telegram is away must not be killed for it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['DINGMI_HTTP_PORT']}/healthz\", timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
