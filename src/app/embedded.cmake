# The sites that the demo workspace is made of.
overture_embed(${OVERTURE_TARGET} demo_data ${PROJECT_SOURCE_DIR}/data/demo/sites.csv)
