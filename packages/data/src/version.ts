/** The version of the checks of data, as evidence names it; that of the package (a test says so). */
export const dataVersion = '0.1.0';
