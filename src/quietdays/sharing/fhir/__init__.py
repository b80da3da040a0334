"""The diary in FHIR R4 (4.0.1): one mapping (`resources`), and the Bundles made of it (`bundles`)."""
