"""Traffic reports: schema, readers with platform profiles, bundled samples."""
