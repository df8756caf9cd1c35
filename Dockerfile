# One image for the pages, the API and the workers.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    WHOBUYS_HOME=/data \
    WHOBUYS_HOST=0.0.0.0

WORKDIR /app

# hdbscan has no wheel for ARM: a compiler is needed there, and only there.
RUN [ "$(uname -m)" = x86_64 ] || (apt-get update && apt-get install -y --no-install-recommends g++ \
    && rm -rf /var/lib/apt/lists/*)

# Requirements first: a change of code does not install them again. torch comes as a CPU build.
COPY constraints.txt pyproject.toml ./
RUN pip install "$(grep '^torch==' constraints.txt)" --no-deps --index-url https://download.pytorch.org/whl/cpu \
    && python -c "import tomllib; print('\n'.join(tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies']))" \
        > requirements.txt \
    && pip install -c constraints.txt -r requirements.txt

COPY . .
RUN pip install --no-deps . \
    && useradd --create-home --uid 10001 whobuys \
    && mkdir /data && chown whobuys /data

USER whobuys
VOLUME /data
EXPOSE 8765
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8765/healthz', timeout=4)"]
CMD ["whobuys", "serve"]
