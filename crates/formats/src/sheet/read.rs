//! Reading a sheet, whatever program wrote it, and refusing what is none in a sentence.

use super::{Limits, bare};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Most files inside an XLSX.
const INNER_FILES_MAX: usize = 2_000;
/// Most sheets of a workbook that are read.
const SHEETS_MAX: usize = 20;
const ZIP: &[u8] = b"PK\x03\x04";
/// Old spreadsheets, and new ones under a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
const MIB: u64 = 1024 * 1024;

/// A sheet as it came: heads, then rows with the line they are on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet; empty for CSV.
    pub name: String,
    /// Heads.
    pub heads: Vec<String>,
    /// Rows by line, from 1.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Cells emptied because too long: line, column from 0, bytes.
    pub long: Vec<(u32, usize, usize)>,
}

/// Reads the first sheet of an XLSX, or a CSV in UTF-8, UTF-16 or Windows-1252.
///
/// # Errors
/// What is wrong with it and what to do.
pub fn read_within(bytes: &[u8], limits: &Limits) -> Result<Table, String> {
    some_sheet(bytes, limits)?;
    if !bytes.starts_with(ZIP) {
        return table(String::new(), csv(bytes, limits)?);
    }
    let mut book = open(bytes, limits)?;
    let first = book.sheet_names().first().cloned().ok_or_else(unreadable)?;
    let rows = xlsx(&mut book, &first, limits, &mut 0)?;
    table(first, rows)
}

/// Reads all sheets of an XLSX that have rows, or the only one of a CSV.
///
/// # Errors
/// What is wrong with it and what to do.
pub fn tables_within(bytes: &[u8], limits: &Limits) -> Result<Vec<Table>, String> {
    let (mut tables, mut last) = (Vec::new(), unreadable());
    for Grid { name, lines, long } in grids_within(bytes, limits)? {
        match table(name, (lines, long)) {
            Ok(table) => tables.push(table),
            Err(empty) => last = empty,
        }
    }
    if tables.is_empty() { Err(last) } else { Ok(tables) }
}

/// A sheet whose head was not looked for yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    /// Name of the sheet; empty for CSV.
    pub name: String,
    /// Rows that say something by line, from 1.
    pub lines: BTreeMap<u32, Vec<String>>,
    /// Cells emptied because too long: line, column from 0, bytes.
    pub long: Vec<(u32, usize, usize)>,
}

/// Reads all sheets of an XLSX, or the only one of a CSV, without guessing where their heads are.
///
/// # Errors
/// What is wrong with it and what to do.
pub fn grids_within(bytes: &[u8], limits: &Limits) -> Result<Vec<Grid>, String> {
    some_sheet(bytes, limits)?;
    if !bytes.starts_with(ZIP) {
        let (lines, long) = csv(bytes, limits)?;
        return Ok(vec![Grid { name: String::new(), lines, long }]);
    }
    let mut book = open(bytes, limits)?;
    let (mut grids, mut size) = (Vec::new(), 0);
    for name in book.sheet_names().into_iter().take(SHEETS_MAX) {
        let (lines, long) = xlsx(&mut book, &name, limits, &mut size)?;
        grids.push(Grid { name, lines, long });
    }
    Ok(grids)
}

/// What can be said before the file is opened.
fn some_sheet(bytes: &[u8], limits: &Limits) -> Result<(), String> {
    if bytes.is_empty() {
        return Err("Choisissez d’abord un fichier XLSX ou CSV.".to_owned());
    }
    if bytes.len() > limits.file_bytes_max {
        let most = limits.file_bytes_max as u64 / MIB;
        return Err(format!("Ce fichier dépasse {most} Mio : retirez-en les images, ou coupez-le en deux."));
    }
    if bytes.starts_with(OLE) {
        return Err(
            "Ce fichier est protégé par un mot de passe, ou c’est un ancien .xls : enregistrez-le en .xlsx sans mot de passe."
                .to_owned(),
        );
    }
    Ok(())
}

/// Rows by line, kept within the limits.
struct Rows<'a> {
    lines: BTreeMap<u32, Vec<String>>,
    long: Vec<(u32, usize, usize)>,
    size: &'a mut usize,
    limits: &'a Limits,
}

impl<'a> Rows<'a> {
    fn within(limits: &'a Limits, size: &'a mut usize) -> Self {
        Self { lines: BTreeMap::new(), long: Vec::new(), size, limits }
    }

    fn put(&mut self, line: u32, column: usize, text: &str) -> Result<(), String> {
        let text = text.trim();
        if text.is_empty() || column >= self.limits.columns_max {
            return Ok(());
        }
        let mut text = bare(text);
        if text.len() > self.limits.cell_bytes_max {
            self.long.push((line, column, text.len()));
            text = "";
        }
        *self.size += text.len();
        if *self.size > self.limits.text_bytes_max {
            let most = self.limits.text_bytes_max as u64 / MIB;
            return Err(format!("Ce tableau contient plus de {most} Mio de texte : coupez-le en plusieurs."));
        }
        let row = self.lines.entry(line).or_default();
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = text.replace("\r\n", "\n");
        if self.lines.len() > self.limits.rows_max + 1 {
            return Err(format!("Ce tableau a plus de {} lignes : coupez-le en plusieurs.", self.limits.rows_max));
        }
        Ok(())
    }

    fn done(self) -> Lines {
        (self.lines, self.long)
    }
}

type Lines = (BTreeMap<u32, Vec<String>>, Vec<(u32, usize, usize)>);

/// The first row that says something is the head.
fn table(name: String, (lines, mut long): Lines) -> Result<Table, String> {
    let mut lines = lines.into_iter();
    let (_, heads) = lines.next().ok_or("Ce tableau est vide : la première ligne doit nommer les colonnes.")?;
    let rows: Vec<(u32, Vec<String>)> = lines.collect();
    if rows.is_empty() {
        return Err("Ce tableau n’a que ses titres de colonnes : ajoutez des lignes.".to_owned());
    }
    long.sort_unstable();
    Ok(Table { name, heads, rows, long })
}

fn unreadable() -> String {
    "Ce fichier est abîmé, ou n’est pas un tableau : ouvrez-le dans votre tableur, enregistrez-le de nouveau en .xlsx ou en .csv."
        .to_owned()
}

/// Unpacks everything once, counting, before anything is kept in memory: sizes that a file declares may lie.
fn no_trap(bytes: &[u8], limits: &Limits) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > INNER_FILES_MAX {
        return Err(unreadable());
    }
    let mut left = limits.unpacked_bytes_max;
    for at in 0..archive.len() {
        let inner = archive.by_index(at).map_err(|_| unreadable())?;
        let read = std::io::copy(&mut inner.take(left + 1), &mut std::io::sink()).map_err(|_| unreadable())?;
        left = left.checked_sub(read).ok_or_else(|| {
            let most = limits.unpacked_bytes_max / MIB;
            format!("Ce fichier se déplie à plus de {most} Mio : retirez-en les images et les feuilles inutiles.")
        })?;
    }
    Ok(())
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Book<'a>, String> {
    no_trap(bytes, limits)?;
    Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())
}

/// Cells one by one: a single one at the far corner of a sheet must not make a rectangle of billions.
fn xlsx(book: &mut Book<'_>, name: &str, limits: &Limits, size: &mut usize) -> Result<Lines, String> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| unreadable())?;
    let mut rows = Rows::within(limits, size);
    while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
        let (line, column) = cell.get_position();
        rows.put(line.saturating_add(1), usize::try_from(column).unwrap_or(usize::MAX), &text(cell.get_value()))?;
    }
    Ok(rows.done())
}

fn text<'a>(value: &'a DataRef<'a>) -> Cow<'a, str> {
    match value {
        DataRef::Int(n) => n.to_string().into(),
        DataRef::Float(n) => number(*n).into(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.as_str().into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Bool(yes) => if *yes { "oui" } else { "non" }.into(),
        DataRef::DateTime(at) => moment(at).into(),
        DataRef::Error(_) | DataRef::Empty => "".into(),
    }
}

/// Without a decimal point when it has no decimals: a telephone typed as a number.
fn number(n: f64) -> String {
    format!("{n}")
}

fn moment(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

fn csv(bytes: &[u8], limits: &Limits) -> Result<Lines, String> {
    // One sign ends every line, the last one too: lines are counted by it.
    let mut text = decoded(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    let delimiter = delimiter(&text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut size = 0;
    let mut rows = Rows::within(limits, &mut size);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| unreadable())? {
        // The record's own position is told before blank lines are skipped: count back from its end.
        let inside = record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let line = reader.position().line().saturating_sub(1 + inside);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        for (column, cell) in record.iter().enumerate() {
            rows.put(line, column, cell)?;
        }
    }
    Ok(rows.done())
}

/// UTF-8 or UTF-16 with their mark, else UTF-8 when it is, else what French Windows writes.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0);
    }
    if bytes.contains(&0) {
        return Err(unreadable());
    }
    Ok(std::str::from_utf8(bytes).map_or_else(|_| encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, Cow::Borrowed))
}

/// The one seen most in the first line, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, n)| *n += 1),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, n)| *n).map_or(b';', |(sign, _)| sign)
}

#[cfg(test)]
mod tests {
    use super::super::MAP;
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let table = read_within(bytes, &MAP).unwrap_or_default();
        std::iter::once(table.heads).chain(table.rows.into_iter().map(|(_, row)| row)).collect()
    }

    #[test]
    fn csv_is_read_in_each_encoding_and_with_each_delimiter() {
        let expected = [["Unité", "Téléphone"], ["Réanimation", "01 02"]].map(|row| row.map(str::to_owned).to_vec()).to_vec();
        let text = "Unité;Téléphone\r\nRéanimation;01 02\r\n";
        assert_eq!(cells(text.as_bytes()), expected);
        assert_eq!(cells(text.replace(';', ",").as_bytes()), expected);
        assert_eq!(cells(text.replace(';', "\t").as_bytes()), expected);
        assert_eq!(cells(format!("\u{feff}{text}").as_bytes()), expected);
        assert_eq!(cells(&encoding_rs::WINDOWS_1252.encode(text).0), expected);
        let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(cells(&utf16), expected);
    }

    #[test]
    fn quotes_hold_delimiters_and_lines_and_line_numbers_are_those_of_the_file() {
        let table = read_within("Nom;Notes\n\n\"A; B\";\"deux\nlignes\"\nC;'=1+1\n".as_bytes(), &MAP).unwrap_or_default();
        assert_eq!(
            table.rows,
            vec![(3, vec!["A; B".to_owned(), "deux\nlignes".to_owned()]), (5, vec!["C".to_owned(), "=1+1".to_owned()])]
        );
    }

    #[test]
    fn what_is_no_sheet_is_refused_in_a_sentence() {
        let small = Limits { file_bytes_max: 1_024 * 1_024, rows_max: 50, ..MAP };
        let refused = |bytes: &[u8]| read_within(bytes, &small).err().unwrap_or_default();
        assert!(refused(b"").contains("Choisissez"));
        assert!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").contains("mot de passe"));
        assert!(refused(b"PK\x03\x04 garbage").contains("abîmé"));
        assert!(refused(b"%PDF-1.4\0\0").contains("abîmé"));
        assert!(refused(b"Nom;Lits\n").contains("titres"));
        assert!(refused(b" \n\n").contains("vide"));
        assert!(refused(&vec![b'x'; small.file_bytes_max + 1]).contains("1 Mio"));
        assert!(refused(("Nom\n".to_owned() + &"x\n".repeat(51)).as_bytes()).contains("50 lignes"));
    }

    #[test]
    fn a_cell_too_long_is_emptied_and_named() {
        let text = format!("Nom;Notes\nA;{}\nB;court\n", "x".repeat(1024 * 1024));
        let table = read_within(text.as_bytes(), &MAP).unwrap_or_default();
        assert_eq!(table.long, vec![(2, 1, 1024 * 1024)]);
        assert_eq!(table.rows.len(), 2);
    }
}
