#!/bin/bash
# Run once by the PostgreSQL image: two databases with an owner each. The product's observations
# never share a database with Airflow's own tables.
set -euo pipefail
for name in airflow g7warn; do
    variable="${name^^}_DB_PASSWORD"
    psql --set=ON_ERROR_STOP=1 --set=name="$name" --set=password="${!variable}" -U postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8';
SQL
done
