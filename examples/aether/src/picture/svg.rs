//! A picture as SVG, laid out in layers from callers to callees.

use std::fmt::Write as _;

use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, Point, RankDir, layout};

use super::{Node, Picture};

/// Width of a character of the font, in pixels.
const CHARACTER: f64 = 7.3;
/// Height of a line, in pixels.
const LINE: f64 = 16.0;
/// Between a box and its text, in pixels.
const PADDING: f64 = 8.0;
/// Around the picture, in pixels.
const MARGIN: f64 = 16.0;

const STYLE: &str = "\
text { font: 12px monospace; fill: #222; }
.dim { fill: #777; }
.name { font-weight: bold; }
rect.box { fill: #f7f7f4; stroke: #888; }
rect.middle { fill: #fff3c9; stroke: #a67c00; stroke-width: 2; }
path.call { fill: none; stroke: #666; }
path.doubtful { stroke-dasharray: 5 4; }
";

/// The graph as SVG: calls lead to the right, those that are in doubt are dashed, and what lies under
/// the pointer tells more.
pub(crate) fn svg(picture: &Picture) -> String {
    let plan = Plan::of(picture);
    let (width, height) = (plan.width.ceil(), plan.height.ceil());
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <style>\n{STYLE}</style>\n\
         <defs><marker id=\"end\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0,0L8,4L0,8z\" fill=\"#666\"/></marker></defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (arrow, points) in picture.arrows.iter().zip(&plan.arrows) {
        let class = if arrow.is_doubtful { "call doubtful" } else { "call" };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "<path class=\"{class}\" d=\"{}\" marker-end=\"url(#end)\"><title>{}</title></path>",
            curve(points),
            escaped(&arrow.hint)
        );
    }
    for (node, (x, y)) in picture.boxes.iter().zip(&plan.boxes) {
        put_box(&mut text, node, *x, *y);
    }
    text.push_str("</svg>\n");
    text
}

/// Where everything stands, in pixels.
#[derive(Debug)]
struct Plan {
    width: f64,
    height: f64,
    /// The left upper corner of each box.
    boxes: Vec<(f64, f64)>,
    /// The points of each arrow.
    arrows: Vec<Vec<Point>>,
}

impl Plan {
    fn of(picture: &Picture) -> Self {
        let mut graph =
            Graph::with_options(GraphOptions { directed: true, multigraph: true, compound: false });
        for (at, node) in picture.boxes.iter().enumerate() {
            let (width, height) = size(node);
            graph.set_node(at.to_string(), Some(NodeLabel { width, height, ..NodeLabel::default() }));
        }
        for arrow in &picture.arrows {
            graph.set_edge(arrow.from.to_string(), arrow.to.to_string(), Some(EdgeLabel::default()), None);
        }
        let options =
            LayoutOptions { rankdir: RankDir::LR, nodesep: 14.0, ranksep: 60.0, ..LayoutOptions::default() };
        layout(&mut graph, Some(options));

        let corner = |at: usize| {
            let (width, height) = size(&picture.boxes[at]);
            let middle = graph.node(&at.to_string()).and_then(|node| Some((node.x?, node.y?)));
            let (x, y) = middle.unwrap_or_default();
            (x - width / 2.0, y - height / 2.0)
        };
        let mut boxes: Vec<(f64, f64)> = (0..picture.boxes.len()).map(corner).collect();
        let points = |from: usize, to: usize| {
            graph.edge(&from.to_string(), &to.to_string(), None).map(|edge| edge.points.clone())
        };
        let mut arrows: Vec<Vec<Point>> =
            picture.arrows.iter().map(|arrow| points(arrow.from, arrow.to).unwrap_or_default()).collect();

        // Loops and bends may lie outside of what the layout says is its size.
        let ends = picture.boxes.iter().zip(&boxes).map(|(node, &(x, y))| {
            let (width, height) = size(node);
            (x + width, y + height)
        });
        let bends = arrows.iter().flatten().map(|point| (point.x, point.y));
        let mut frame = (f64::MAX, f64::MAX, 0.0_f64, 0.0_f64);
        for (x, y) in ends.chain(boxes.iter().copied()).chain(bends) {
            frame = (frame.0.min(x), frame.1.min(y), frame.2.max(x), frame.3.max(y));
        }
        let (left, top) = (frame.0 - MARGIN, frame.1 - MARGIN);
        for (x, y) in &mut boxes {
            (*x, *y) = (*x - left, *y - top);
        }
        for point in arrows.iter_mut().flatten() {
            (point.x, point.y) = (point.x - left, point.y - top);
        }
        let (width, height) = (frame.2 - left + MARGIN, frame.3 - top + MARGIN);
        Self { width, height, boxes, arrows }
    }
}

/// Width and height of a box, in pixels.
fn size(node: &Node) -> (f64, f64) {
    let columns = node.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let lines = node.lines().count();
    (columns as f64 * CHARACTER + 2.0 * PADDING, lines as f64 * LINE + 2.0 * PADDING)
}

fn put_box(text: &mut String, node: &Node, x: f64, y: f64) {
    let (width, height) = size(node);
    let class = if node.is_middle { "box middle" } else { "box" };
    let _ = writeln!(
        text,
        "<g><title>{}</title><rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"5\"/>",
        escaped(&node.hint)
    );
    let mut base = y + PADDING + 12.0;
    for (class, line) in [("dim", &node.path), ("name", &node.name), ("dim", &node.place)] {
        if !line.is_empty() {
            let x = x + PADDING;
            let _ = writeln!(
                text,
                "<text class=\"{class}\" x=\"{x:.1}\" y=\"{base:.1}\">{}</text>",
                escaped(line)
            );
            base += LINE;
        }
    }
    text.push_str("</g>\n");
}

/// A path through the points, rounded at those between the ends.
fn curve(points: &[Point]) -> String {
    let mut path = String::new();
    let [first, between @ .., last] = points else { return path };
    let _ = write!(path, "M{:.1},{:.1}", first.x, first.y);
    let mut rest = between.iter().peekable();
    while let Some(point) = rest.next() {
        let next = match rest.peek() {
            Some(next) => Point::new((point.x + next.x) / 2.0, (point.y + next.y) / 2.0),
            None => last.clone(),
        };
        let _ = write!(path, "Q{:.1},{:.1} {:.1},{:.1}", point.x, point.y, next.x, next.y);
    }
    if between.is_empty() {
        let _ = write!(path, "L{:.1},{:.1}", last.x, last.y);
    }
    path
}

/// A text as XML, in which control characters have no place.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' => escaped.push('\n'),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            other => escaped.push(other),
        }
    }
    escaped
}
