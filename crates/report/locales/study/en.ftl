# Words of the analyst's page.
