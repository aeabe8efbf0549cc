mod openapi_current;
mod openapi_rules;
mod parameters;
