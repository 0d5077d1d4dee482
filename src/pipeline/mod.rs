//! The flow of a guide, floor 4: ingest, translate, speak, publish, each a plain function over ports.
