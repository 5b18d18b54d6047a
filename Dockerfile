# The API alone. docker-compose.yml puts a Neo4j beside it; without GRAPH_API_DATABASE_URL it brings its own engine.
ARG PYTHON_VERSION=3.13

# The wheel is built by the same recipe a developer runs; Node comes with the locked Python packages.
FROM python:${PYTHON_VERSION}-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Makefile requirements-dev.lock ./
RUN make .venv/packages.stamp
COPY pyproject.toml README.md LICENSE schema.graphql ./
COPY web web
COPY cypher cypher
COPY src src
RUN make wheel

FROM python:${PYTHON_VERSION}-slim
ENV PYTHONUNBUFFERED=1 GRAPH_API_DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin graph-api \
    && install -d -o graph-api -g graph-api -m 700 /data
COPY requirements.lock /tmp/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock && rm /tmp/requirements.lock
COPY --from=build /build/dist/*.whl /tmp/
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps /tmp/*.whl && rm /tmp/*.whl
USER graph-api
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["graph-api"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
