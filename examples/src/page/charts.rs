//! Charts as SVG, drawn by plotters. They are as wide as a phone needs, and are scaled to the page.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Html;

/// A bar: what it stands for, how long it is, and what stands at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// How long it is.
    pub value: f64,
    /// What stands at its end.
    pub note: String,
}

/// Returns horizontal bars; one with the value `full` is as long as there is room.
pub fn bars(bars: &[Bar], full: f64) -> Html {
    let height = 26 * bars.len() as u32 + 6;
    draw(height, |area| {
        let label = font().pos(Pos::new(HPos::Right, VPos::Center));
        let note = font().pos(Pos::new(HPos::Left, VPos::Center));
        for (row, bar) in bars.iter().enumerate() {
            let middle = 26 * row as i32 + 15;
            let share = if full > 0.0 {
                (bar.value / full).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let end = BAR_START + (share * f64::from(BAR_END - BAR_START)).round() as i32;
            area.draw(&Rectangle::new(
                [(BAR_START, middle - 9), (end.max(BAR_START + 1), middle + 9)],
                BLUE.filled(),
            ))?;
            area.draw(&Text::new(
                fitted(&bar.label, LABEL),
                (BAR_START - 8, middle),
                label.clone(),
            ))?;
            area.draw(&Text::new(fitted(&bar.note, NOTE), (end + 6, middle), note.clone()))?;
        }
        Ok(())
    })
}

/// A point of a reliability diagram: how sure the answers of a bin were, how many of them are right, and between which
/// shares the truth may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// How sure, in 0..=1.
    pub confidence: f64,
    /// Which share is right, in 0..=1.
    pub right: f64,
    /// Where the share may lie.
    pub between: (f64, f64),
}

/// Returns a reliability diagram: points on the diagonal say what is true.
pub fn reliability(points: &[Point], names: [&str; 2]) -> Html {
    draw(HEIGHT, |area| {
        let mut chart = shares(area, 0.0, names)?;
        chart.draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], GRAY.stroke_width(1)))?;
        for point in points {
            let (low, high) = point.between;
            let ends = [(point.confidence, low), (point.confidence, high)];
            chart.draw_series(LineSeries::new(ends, BLUE.mix(0.5).stroke_width(2)))?;
        }
        let line = points.iter().map(|point| (point.confidence, point.right));
        chart.draw_series(LineSeries::new(line.clone(), BLUE.stroke_width(2)))?;
        chart.draw_series(line.map(|at| Circle::new(at, 4, BLUE.filled())))?;
        Ok(())
    })
}

/// Returns a curve of shares over shares, with points that stand out and what they are called.
pub fn curve(line: &[(f64, f64)], marked: &[(f64, f64, &str)], names: [&str; 2]) -> Html {
    let all = line.iter().copied().chain(marked.iter().map(|(x, y, _)| (*x, *y)));
    let least = all.map(|(_, y)| y).fold(1.0, f64::min);
    // A round share below all points.
    let floor = ((least * 10.0 - 0.2).floor() / 10.0).clamp(0.0, 0.9);
    draw(HEIGHT, |area| {
        let mut chart = shares(area, floor, names)?;
        chart.draw_series(LineSeries::new(line.iter().copied(), BLUE.stroke_width(2)))?;
        for (x, y, name) in marked {
            let on_left = *x > 0.5;
            let (side, shift) = if on_left { (HPos::Right, -9) } else { (HPos::Left, 9) };
            let style = font().pos(Pos::new(side, VPos::Center));
            let name = (*name).to_owned();
            chart.draw_series(std::iter::once(
                EmptyElement::at((*x, *y))
                    + Circle::new((0, 0), 5, ORANGE.filled())
                    + Text::new(name, (shift, 14), style),
            ))?;
        }
        Ok(())
    })
}

/// Returns columns side by side, a histogram. Of the labels as many are shown as there is room for.
pub fn columns(columns: &[Bar], names: [&str; 2]) -> Html {
    let most = columns.iter().map(|column| column.value).fold(1.0, f64::max);
    let count = columns.len().max(1) as f64;
    let label = |x: &f64| {
        let column = columns.get(x.round() as usize);
        column.map(|column| column.label.clone()).unwrap_or_default()
    };
    draw(HEIGHT, |area| {
        let mut chart = frame(area).build_cartesian_2d(0.0..count, 0.0..most * 1.05)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRAY.mix(0.25))
            .axis_style(GRAY)
            .label_style(font())
            .x_labels(8)
            .y_labels(5)
            .x_label_formatter(&label)
            .y_label_formatter(&|y| format!("{y:.0}"))
            .x_desc(names[0])
            .y_desc(names[1])
            .draw()?;
        chart.draw_series(columns.iter().enumerate().map(|(at, column)| {
            let (left, right) = (at as f64 + 0.06, at as f64 + 0.94);
            Rectangle::new([(left, 0.0), (right, column.value)], BLUE.filled())
        }))?;
        Ok(())
    })
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;
type Shares<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

fn draw(height: u32, fill: impl FnOnce(&Area<'_>) -> Drawn) -> Html {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
    fill(&area)
        .and_then(|()| area.present())
        .expect("a text can always be written to");
    drop(area);
    Html(svg)
}

fn frame<'a, 'b>(area: &'a Area<'b>) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(area);
    builder
        .margin(10)
        .margin_right(26)
        .x_label_area_size(46)
        .y_label_area_size(58);
    builder
}

/// Shares over shares, those upwards from `floor` on, with nothing drawn yet.
fn shares<'a>(area: &Area<'a>, floor: f64, names: [&str; 2]) -> Drawn<Shares<'a>> {
    let mut chart = frame(area).build_cartesian_2d(0.0..1.0, floor..1.0)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRAY.mix(0.25))
        .axis_style(GRAY)
        .label_style(font())
        .x_labels(6)
        .y_labels(6)
        .x_label_formatter(&|x| percent(*x))
        .y_label_formatter(&|y| percent(*y))
        .x_desc(names[0])
        .y_desc(names[1])
        .draw()?;
    Ok(chart)
}

fn font() -> TextStyle<'static> {
    ("sans-serif", 16).into_font().into_text_style(&(WIDTH, HEIGHT))
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Cuts a text to a width; a Chinese character is two wide.
fn fitted(text: &str, most: usize) -> String {
    let mut width = 0;
    for (at, c) in text.char_indices() {
        width += if c.is_ascii() { 1 } else { 2 };
        if width > most {
            let mut cut: String = text[..at].to_owned();
            cut.pop();
            cut.push('…');
            return cut;
        }
    }
    text.to_owned()
}

const WIDTH: u32 = 520;
const HEIGHT: u32 = 330;
const BAR_START: i32 = 184;
const BAR_END: i32 = 430;
/// How wide a label may be, in Latin characters.
const LABEL: usize = 24;
const NOTE: usize = 12;

const BLUE: RGBColor = RGBColor(47, 116, 208);
const ORANGE: RGBColor = RGBColor(217, 108, 22);
const GRAY: RGBColor = RGBColor(128, 135, 143);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_of_nothing_are_charts() {
        for Html(svg) in [
            bars(&[], 0.0),
            reliability(&[], ["x", "y"]),
            curve(&[], &[], ["x", "y"]),
            columns(&[], ["x", "y"]),
        ] {
            assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
        }
    }

    #[test]
    fn a_long_label_is_cut_to_its_width() {
        assert_eq!(fitted("退款多久到账", 12), "退款多久到账");
        assert_eq!(fitted("退款多久到账", 11), "退款多久…");
        assert_eq!(fitted("refund-time", 11), "refund-time");
    }
}
