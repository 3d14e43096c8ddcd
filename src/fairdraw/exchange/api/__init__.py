"""The interface for calling systems (接口): REST under ``/api/v1``, OpenAPI 3.1, tokens, problem+json."""
