# The conformance suite: one static program with its cases in it, and what it needs to
# speak to a server over TLS. No registry is asked.
FROM scratch
COPY rootfs/ /
WORKDIR /reports
# Whoever mounts a folder for reports says with --user whose it is.
USER 65532:65532
ENTRYPOINT ["/arazzo", "conformance"]
CMD ["--help"]
