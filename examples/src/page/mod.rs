//! Pages of HTML that need nothing else: no script, no font, no network. All text in them is escaped.

mod charts;
mod style;

use std::fmt::Write as _;

pub use charts::{Bar, Point, bars, columns, curve, reliability};

use style::STYLE;

/// A page that is being written.
pub struct Page {
    html: String,
}

/// What may stand in a page: text that is escaped already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Page {
    /// Begins a page. `language` is as in HTML, such as `zh`.
    pub fn new(language: &str, title: &str) -> Self {
        let (language, title) = (escaped(language), escaped(title));
        Self {
            html: format!(
                "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\n\
                 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
                 <title>{title}</title>\n<style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n"
            ),
        }
    }

    /// Adds a paragraph.
    pub fn line(&mut self, text: &str) {
        self.push(&format!("<p>{}</p>\n", escaped(text)));
    }

    /// Adds a row of figures, each with its name.
    pub fn figures(&mut self, figures: &[(String, String)]) {
        self.html.push_str("<dl class=\"figures\">");
        for (name, value) in figures {
            self.push(&format!(
                "<div><dt>{}</dt><dd>{}</dd></div>",
                escaped(name),
                escaped(value)
            ));
        }
        self.html.push_str("</dl>\n");
    }

    /// Adds what `fill` makes, side by side where the screen is wide.
    pub fn side_by_side(&mut self, fill: impl FnOnce(&mut Self)) {
        self.html.push_str("<div class=\"side-by-side\">\n");
        fill(self);
        self.html.push_str("</div>\n");
    }

    /// Adds a chart with what it shows, and its numbers as a table that opens.
    pub fn chart(&mut self, title: &str, about: &str, chart: &Html, numbers: &Table) {
        self.push(&format!("<figure><h2>{}</h2>", escaped(title)));
        self.push(&chart.0.replacen(
            "<svg ",
            &format!("<svg role=\"img\" aria-label=\"{}\" ", escaped(title)),
            1,
        ));
        if !about.is_empty() {
            self.push(&format!("<figcaption>{}</figcaption>", escaped(about)));
        }
        if !numbers.rows.is_empty() {
            self.push(&format!("<details><summary>{}</summary>", escaped(&numbers.name)));
            numbers.write(&mut self.html);
            self.html.push_str("</details>");
        }
        self.html.push_str("</figure>\n");
    }

    /// Adds a table under a title; nothing where it has no rows.
    pub fn table(&mut self, about: &str, table: &Table) {
        if table.rows.is_empty() {
            return;
        }
        self.push(&format!("<section><h2>{}</h2>", escaped(&table.name)));
        if !about.is_empty() {
            self.line(about);
        }
        table.write(&mut self.html);
        self.html.push_str("</section>\n");
    }

    /// Adds a list; nothing where it has no items.
    pub fn items(&mut self, items: &[Html]) {
        if items.is_empty() {
            return;
        }
        self.html.push_str("<ul>\n");
        for Html(item) in items {
            self.push(&format!("<li>{item}</li>\n"));
        }
        self.html.push_str("</ul>\n");
    }

    /// Adds a list that opens under a title that says how many there are; nothing where it has no items.
    pub fn folded(&mut self, title: &str, is_open: bool, items: &[Html]) {
        if items.is_empty() {
            return;
        }
        let open = if is_open { " open" } else { "" };
        self.push(&format!("<details{open}><summary>{}</summary>", escaped(title)));
        self.items(items);
        self.html.push_str("</details>\n");
    }

    /// Adds a title.
    pub fn title(&mut self, title: &str) {
        self.push(&format!("<h2>{}</h2>\n", escaped(title)));
    }

    /// Returns the page.
    pub fn finish(mut self) -> String {
        self.html.push_str("</body></html>\n");
        self.html
    }

    fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }
}

/// A table: its name, what its columns are, and its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is called.
    pub name: String,
    /// What stands over the columns.
    pub headings: Vec<String>,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns a table of bars: what they stand for, and what stands at their ends.
    pub fn of_bars(name: &str, headings: [&str; 2], bars: &[Bar]) -> Self {
        Self {
            name: name.to_owned(),
            headings: headings.map(str::to_owned).to_vec(),
            rows: bars
                .iter()
                .map(|bar| vec![bar.label.clone(), bar.note.clone()])
                .collect(),
        }
    }

    fn write(&self, html: &mut String) {
        html.push_str("<div class=\"wide\"><table><thead><tr>");
        for heading in &self.headings {
            // Writing to a text cannot fail.
            let _ = write!(html, "<th>{}</th>", escaped(heading));
        }
        html.push_str("</tr></thead><tbody>\n");
        for row in &self.rows {
            html.push_str("<tr>");
            for cell in row {
                let is_number = cell.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '−');
                let class = if is_number { " class=\"number\"" } else { "" };
                let _ = write!(html, "<td{class}>{}</td>", escaped(cell));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table></div>");
    }
}

impl Html {
    /// Returns a text, escaped.
    pub fn text(text: &str) -> Self {
        Self(escaped(text))
    }

    /// Adds a text.
    pub fn and(mut self, text: &str) -> Self {
        self.0.push_str(&escaped(text));
        self
    }

    /// Adds a text that stands out.
    pub fn strong(mut self, text: &str) -> Self {
        let _ = write!(self.0, "<strong>{}</strong>", escaped(text));
        self
    }

    /// Adds a text in a line of its own, smaller.
    pub fn below(mut self, text: &str) -> Self {
        let _ = write!(self.0, "<br><small>{}</small>", escaped(text));
        self
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Marks that turn the direction of the rest of the line, and what browsers do not show.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f' => {
                escaped.push('\u{fffd}');
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_tag() {
        let bad = "</td><script>alert('1')</script>\"&\u{202e}";
        let bar = Bar {
            label: bad.to_owned(),
            value: 1.0,
            note: bad.to_owned(),
        };
        let table = Table::of_bars(bad, [bad, bad], std::slice::from_ref(&bar));
        let item = Html::text(bad).and(bad).strong(bad).below(bad);
        let mut page = Page::new(bad, bad);
        page.line(bad);
        page.figures(&[(bad.to_owned(), bad.to_owned())]);
        page.side_by_side(|page| page.chart(bad, bad, &bars(&[bar], 1.0), &table));
        page.table(bad, &table);
        page.items(std::slice::from_ref(&item));
        page.folded(bad, true, &[item]);
        page.title(bad);
        let html = page.finish();
        assert!(!html.contains("<script") && !html.contains('\u{202e}'), "{html}");
        assert!(!html.contains("http://") || html.matches("http://").count() == html.matches("www.w3.org").count());
        assert_eq!(html.matches("<td").count(), html.matches("</td>").count());
    }
}
