# Two stages: the first has the tools that build, the second only what runs.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/mondaybridge
ENV PATH=/opt/mondaybridge/bin:$PATH
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY schemas ./schemas
COPY src ./src
RUN pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN groupadd --gid 10001 bridge \
    && useradd --uid 10001 --gid 10001 --no-create-home bridge \
    && install -d -o 10001 -g 10001 /data
COPY --from=build /opt/mondaybridge /opt/mondaybridge
ENV PATH=/opt/mondaybridge/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MONDAYBRIDGE_DATA_DIR=/data \
    MONDAYBRIDGE_MAPPINGS=/etc/mondaybridge/mappings.yaml \
    MONDAYBRIDGE_HOST=0.0.0.0
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["mondaybridge", "healthcheck"]
ENTRYPOINT ["mondaybridge"]
CMD ["run"]
