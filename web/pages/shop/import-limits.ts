/** What a file of orders may hold. */

/** More than the page keeps, so that every export can be imported. */
export const rowsMax = 50_000;
export const columnsMax = 200;
/** Lines of a title above the headings. */
export const titleLinesMax = 10;
export const fileMegabytesMax = 20;
/** Of a workbook's unpacked parts. A small file may unpack to more than a tab can hold. */
export const unpackedMegabytesMax = 64;
/** For a file that was made to never end. */
export const readingMsMax = 30_000;
