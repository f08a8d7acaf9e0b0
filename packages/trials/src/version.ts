/** The version of the trials, as results and evidence name it; that of the package (a test says so). */
export const trialsVersion = '0.1.0';
