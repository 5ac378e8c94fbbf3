//! A picture of the letter, with the place of the activation code.

use gtk4 as gtk;
use gtk4::accessible::Property;
use gtk4::cairo;
use gtk4::prelude::*;

/// Width and height of the sheet.
const SHEET: (f64, f64) = (84.0, 118.0);
/// The lines of its text: how far down, and how long.
const LINES: [(f64, f64); 7] =
    [(14.0, 30.0), (30.0, 62.0), (38.0, 66.0), (46.0, 58.0), (54.0, 64.0), (66.0, 60.0), (74.0, 40.0)];

/// The picture, which `description` tells to those who do not see it.
pub(crate) fn picture(description: &str) -> gtk::DrawingArea {
    let area = gtk::DrawingArea::builder()
        .accessible_role(gtk::AccessibleRole::Img)
        .content_width(92)
        .content_height(126)
        .halign(gtk::Align::Start)
        .build();
    area.update_property(&[Property::Label(description)]);
    area.set_draw_func(|area, context, _, _| {
        let color = area.style_context().color();
        // A picture that cannot be drawn is left out: its description is there.
        let _ = draw(context, color);
    });
    area
}

/// In the color of the text, so that it is seen in every theme.
fn draw(context: &cairo::Context, color: gtk::gdk::RGBA) -> Result<(), cairo::Error> {
    let paint = |alpha: f64| {
        let [red, green, blue] = [color.red(), color.green(), color.blue()].map(f64::from);
        context.set_source_rgba(red, green, blue, alpha);
    };
    let (width, height) = SHEET;
    context.translate(4.0, 4.0);
    paint(0.6);
    context.set_line_width(1.0);
    context.rectangle(0.5, 0.5, width, height);
    context.stroke()?;
    paint(0.35);
    context.set_line_width(2.0);
    for (down, length) in LINES {
        context.move_to(9.0, down);
        context.line_to(9.0 + length, down);
        context.stroke()?;
    }
    paint(1.0);
    context.rectangle(42.0, 97.0, 36.0, 14.0);
    context.stroke()?;
    for dot in 0..7_u8 {
        context.arc(46.5 + f64::from(dot) * 4.5, 104.0, 1.4, 0.0, std::f64::consts::TAU);
        context.fill()?;
    }
    Ok(())
}
