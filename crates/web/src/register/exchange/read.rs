//! Reading a sheet, whatever program wrote it, and refusing what is none in a sentence.

use super::{COLUMNS_MAX, FILE_BYTES_MAX, FORMULA_STARTS, ROWS_MAX, TEXT_BYTES_MAX, Table, UNPACKED_BYTES_MAX};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Most files inside an XLSX.
const INNER_FILES_MAX: usize = 2_000;
const ZIP: &[u8] = b"PK\x03\x04";
/// Old spreadsheets, and new ones under a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";

/// Reads a sheet: XLSX, or CSV in UTF-8, UTF-16 or Windows-1252.
///
/// # Errors
/// What is wrong with it and what to do.
pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    if bytes.is_empty() {
        return Err("Choisissez d’abord un fichier XLSX ou CSV.".to_owned());
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(format!(
            "Ce fichier dépasse {} Mio : retirez-en les images, ou coupez-le en deux.",
            FILE_BYTES_MAX / (1024 * 1024)
        ));
    }
    if bytes.starts_with(OLE) {
        return Err(
            "Ce fichier est protégé par un mot de passe, ou c’est un ancien .xls : enregistrez-le en .xlsx sans mot de passe."
                .to_owned(),
        );
    }
    let rows = if bytes.starts_with(ZIP) { xlsx(bytes)? } else { csv(bytes)? };
    table(rows)
}

/// Rows by line, kept within the limits.
#[derive(Default)]
struct Rows {
    lines: BTreeMap<u32, Vec<String>>,
    bytes: usize,
}

impl Rows {
    fn put(&mut self, line: u32, column: usize, text: &str) -> Result<(), String> {
        let text = text.trim();
        if text.is_empty() || column >= COLUMNS_MAX {
            return Ok(());
        }
        let text = bare(text);
        self.bytes += text.len();
        if self.bytes > TEXT_BYTES_MAX {
            return Err(format!(
                "Ce tableau contient plus de {} Mio de texte : coupez-le en plusieurs.",
                TEXT_BYTES_MAX / (1024 * 1024)
            ));
        }
        let row = self.lines.entry(line).or_default();
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = text.replace("\r\n", "\n");
        if self.lines.len() > ROWS_MAX + 1 {
            return Err(format!("Ce tableau a plus de {ROWS_MAX} lignes : coupez-le en plusieurs."));
        }
        Ok(())
    }
}

/// The first row that says something is the head.
fn table(rows: Rows) -> Result<Table, String> {
    let mut lines = rows.lines.into_iter();
    let (_, heads) = lines.next().ok_or("Ce tableau est vide : la première ligne doit nommer les colonnes.")?;
    let rows: Vec<(u32, Vec<String>)> = lines.collect();
    if rows.is_empty() {
        return Err("Ce tableau n’a que ses titres de colonnes : ajoutez des lignes.".to_owned());
    }
    Ok(Table { heads, rows })
}

/// A text without the apostrophe that kept a spreadsheet from computing it.
fn bare(text: &str) -> &str {
    let guarded = |rest: &&str| rest.starts_with(FORMULA_STARTS) || rest.starts_with('\'');
    text.strip_prefix('\'').filter(guarded).unwrap_or(text)
}

fn unreadable() -> String {
    "Ce fichier est abîmé, ou n’est pas un tableau : ouvrez-le dans votre tableur, enregistrez-le de nouveau en .xlsx ou en .csv."
        .to_owned()
}

/// Unpacks everything once, counting, before anything is kept in memory: sizes that a file declares may lie.
fn no_trap(bytes: &[u8]) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > INNER_FILES_MAX {
        return Err(unreadable());
    }
    let mut left = UNPACKED_BYTES_MAX;
    for at in 0..archive.len() {
        let inner = archive.by_index(at).map_err(|_| unreadable())?;
        let read = std::io::copy(&mut inner.take(left + 1), &mut std::io::sink()).map_err(|_| unreadable())?;
        left = left.checked_sub(read).ok_or_else(|| {
            let most = UNPACKED_BYTES_MAX / (1024 * 1024);
            format!("Ce fichier se déplie à plus de {most} Mio : retirez-en les images et les feuilles inutiles.")
        })?;
    }
    Ok(())
}

/// Cells one by one: a single one at the far corner of a sheet must not make a rectangle of billions.
fn xlsx(bytes: &[u8]) -> Result<Rows, String> {
    no_trap(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let first = book.sheet_names().first().cloned().ok_or_else(unreadable)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| unreadable())?;
    let mut rows = Rows::default();
    while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
        let (line, column) = cell.get_position();
        rows.put(line.saturating_add(1), usize::try_from(column).unwrap_or(usize::MAX), &text(cell.get_value()))?;
    }
    Ok(rows)
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

fn csv(bytes: &[u8]) -> Result<Rows, String> {
    // One sign ends every line, the last one too: lines are counted by it.
    let mut text = decoded(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    let delimiter = delimiter(&text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut rows = Rows::default();
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
    Ok(rows)
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
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let table = read(bytes).unwrap_or_default();
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
        let table = read("Nom;Notes\n\n\"A; B\";\"deux\nlignes\"\nC;'=1+1\n".as_bytes()).unwrap_or_default();
        assert_eq!(
            table.rows,
            vec![(3, vec!["A; B".to_owned(), "deux\nlignes".to_owned()]), (5, vec!["C".to_owned(), "=1+1".to_owned()])]
        );
    }

    #[test]
    fn an_apostrophe_is_taken_off_only_where_it_guards() {
        assert_eq!(["'=1", "'+33", "''=1", "'Hôpital", "=1", "'"].map(bare), ["=1", "+33", "'=1", "'Hôpital", "=1", "'"]);
    }

    #[test]
    fn what_is_no_sheet_is_refused_in_a_sentence() {
        let refused = |bytes: &[u8]| read(bytes).err().unwrap_or_default();
        assert!(refused(b"").contains("Choisissez"));
        assert!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").contains("mot de passe"));
        assert!(refused(b"PK\x03\x04 garbage").contains("abîmé"));
        assert!(refused(b"%PDF-1.4\0\0").contains("abîmé"));
        assert!(refused(b"Nom;Lits\n").contains("titres"));
        assert!(refused(b" \n\n").contains("vide"));
        assert!(refused(&vec![b'x'; FILE_BYTES_MAX + 1]).contains("10 Mio"));
        let long = "Nom\n".to_owned() + &"x\n".repeat(ROWS_MAX + 1);
        assert!(refused(long.as_bytes()).contains("5000 lignes"));
    }
}
