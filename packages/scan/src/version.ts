/** The version of the scanner, as results and evidence name it; that of the package (a test says so). */
export const scannerVersion = '0.1.0';
