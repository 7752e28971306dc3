//! OpenDocument sheets (ODF 1.3, part 3): a zip of a few XML files, the first of which says in clear what it is.

use super::{Cell, Table};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
const NAMES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
    xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" \
    xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// Width of a character, in tenths of a millimetre.
const CHARACTER_TENTHS: usize = 19;

pub(super) fn write(table: &Table) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let packed = packed.last_modified_time(DateTime::default());
    // First, and as it is: programs look for it at a fixed place.
    archive.start_file("mimetype", packed.compression_method(CompressionMethod::Stored))?;
    archive.write_all(KIND.as_bytes())?;
    let files = [
        ("META-INF/manifest.xml", manifest()),
        ("content.xml", content(table)),
        ("meta.xml", meta(table)),
        ("styles.xml", styles()),
    ];
    for (name, text) in files {
        archive.start_file(name, packed)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn manifest() -> String {
    let mut out = format!(
        "{HEAD}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"{KIND}\"/>"
    );
    for name in ["content.xml", "meta.xml", "styles.xml"] {
        let _ = write!(out, "<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"text/xml\"/>");
    }
    out.push_str("</manifest:manifest>");
    out
}

fn meta(table: &Table) -> String {
    let (title, made) = (escaped(&table.title), table.made_on);
    format!(
        "{HEAD}<office:document-meta {NAMES}><office:meta><dc:title>{title}</dc:title>\
         <meta:creation-date>{made}T00:00:00</meta:creation-date></office:meta></office:document-meta>"
    )
}

/// The page lies on its side.
fn styles() -> String {
    format!(
        "{HEAD}<office:document-styles {NAMES}><office:styles/><office:automatic-styles>\
         <style:page-layout style:name=\"page\"><style:page-layout-properties fo:page-width=\"29.7cm\" fo:page-height=\"21cm\" \
         style:print-orientation=\"landscape\" style:scale-to-X=\"1\" fo:margin=\"1.2cm\"/></style:page-layout>\
         </office:automatic-styles><office:master-styles><style:master-page style:name=\"Default\" \
         style:page-layout-name=\"page\"/></office:master-styles></office:document-styles>"
    )
}

fn content(table: &Table) -> String {
    let mut out = format!(
        "{HEAD}<office:document-content {NAMES}><office:automatic-styles>\
         <style:style style:name=\"sheet\" style:family=\"table\" style:master-page-name=\"Default\"/>"
    );
    for column in 0..table.heads.len() {
        let tenths = table.width(column) * CHARACTER_TENTHS;
        let _ = write!(
            out,
            "<style:style style:name=\"co{column}\" style:family=\"table-column\"><style:table-column-properties \
             style:column-width=\"{}.{}mm\"/></style:style>",
            tenths / 10,
            tenths % 10
        );
    }
    out.push_str(
        "<number:date-style style:name=\"N1\" number:automatic-order=\"false\"><number:day number:style=\"long\"/>\
         <number:text>/</number:text><number:month number:style=\"long\"/><number:text>/</number:text>\
         <number:year number:style=\"long\"/></number:date-style>\
         <number:percentage-style style:name=\"N2\"><number:number number:decimal-places=\"0\" number:min-integer-digits=\"1\"/>\
         <number:text> %</number:text></number:percentage-style>\
         <style:style style:name=\"head\" style:family=\"table-cell\"><style:table-cell-properties fo:wrap-option=\"wrap\" \
         fo:border-bottom=\"0.5pt solid #14201b\"/><style:text-properties fo:font-weight=\"bold\"/></style:style>\
         <style:style style:name=\"cell\" style:family=\"table-cell\"><style:table-cell-properties fo:wrap-option=\"wrap\" \
         style:vertical-align=\"top\"/></style:style>\
         <style:style style:name=\"day\" style:family=\"table-cell\" style:data-style-name=\"N1\"><style:table-cell-properties \
         style:vertical-align=\"top\"/></style:style>\
         <style:style style:name=\"share\" style:family=\"table-cell\" style:data-style-name=\"N2\"><style:table-cell-properties \
         style:vertical-align=\"top\"/></style:style></office:automatic-styles><office:body><office:spreadsheet>",
    );
    let _ = write!(out, "<table:table table:name=\"{}\" table:style-name=\"sheet\">", escaped(&table.title));
    for column in 0..table.heads.len() {
        let _ = write!(out, "<table:table-column table:style-name=\"co{column}\"/>");
    }
    out.push_str("<table:table-header-rows><table:table-row>");
    for head in &table.heads {
        let _ = write!(
            out,
            "<table:table-cell table:style-name=\"head\" office:value-type=\"string\">{}</table:table-cell>",
            words(head)
        );
    }
    out.push_str("</table:table-row></table:table-header-rows>");
    for row in &table.rows {
        out.push_str("<table:table-row>");
        row.iter().for_each(|one| cell(&mut out, one));
        out.push_str("</table:table-row>");
    }
    out.push_str("</table:table></office:spreadsheet></office:body></office:document-content>");
    out
}

fn cell(out: &mut String, cell: &Cell) {
    let shown = words(&cell.to_string());
    let (style, value) = match cell {
        Cell::Empty => return out.push_str("<table:table-cell/>"),
        Cell::Text(_) => ("cell", "office:value-type=\"string\"".to_owned()),
        Cell::Number(number) => ("cell", format!("office:value-type=\"float\" office:value=\"{number}\"")),
        Cell::Percent(share) => {
            ("share", format!("office:value-type=\"percentage\" office:value=\"{}.{:02}\"", share / 100, share % 100))
        }
        Cell::Day(day) => ("day", format!("office:value-type=\"date\" office:date-value=\"{day}\"")),
    };
    let _ = write!(out, "<table:table-cell table:style-name=\"{style}\" {value}>{shown}</table:table-cell>");
}

/// A paragraph for each line: XML folds line ends and runs of spaces.
fn words(text: &str) -> String {
    text.split('\n').map(|line| format!("<text:p>{}</text:p>", escaped(line))).collect()
}

/// What XML allows of a text, its marks escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::register::day::Day;
    use std::io::Read;

    fn table() -> Table {
        let rows = vec![
            vec![Cell::Text("=1+1 <b>&amp;\u{1}\ndeux".to_owned()), Cell::Percent(40), Cell::Day(Day::of_ms(0))],
            vec![Cell::Number(7), Cell::Percent(100), Cell::Empty],
        ];
        Table { title: "Plan d’actions".to_owned(), made_on: Day::of_ms(0), heads: vec!["Action", "Part", "Jour"], rows }
    }

    #[test]
    fn a_sheet_begins_with_what_it_is_and_keeps_its_values() -> zip::result::ZipResult<()> {
        let bytes = write(&table())?;
        // Local header (30 bytes), name (8 bytes), then the words themselves: nothing packed, no extra field.
        assert_eq!(&bytes[30..38], b"mimetype");
        assert_eq!(&bytes[38..38 + KIND.len()], KIND.as_bytes());
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
        let mut text = String::new();
        archive.by_name("content.xml")?.read_to_string(&mut text)?;
        assert!(text.contains("<text:p>=1+1 &lt;b&gt;&amp;amp;</text:p><text:p>deux</text:p>"), "{text}");
        assert!(!text.contains("table:formula"), "nothing is computed");
        assert!(text.contains("office:value=\"0.40\"") && text.contains("office:value=\"1.00\""), "{text}");
        assert!(text.contains("office:date-value=\"1970-01-01\""), "{text}");
        Ok(())
    }
}
