//! The map: where things stand, and what is written of them.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

use pictures::map::{Drawing, Edge, Lane, Mark, Node, Stroke, Weight, lay_out, svg};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn node(key: usize, lane: usize, label: &str) -> Node {
    Node { key: format!("k{key}"), lane, label: label.to_owned(), href: format!("/n/{key}"), ..Node::default() }
}

fn edge(from: usize, to: usize) -> Edge {
    Edge { from, to, ..Edge::default() }
}

fn drawing(lanes: &[usize], edges: &[(usize, usize)]) -> Drawing {
    let title = |lane: usize| Lane { title: format!("Vue {lane}"), note: String::new() };
    let count = lanes.iter().max().map_or(1, |last| last + 1);
    Drawing {
        title: "Carte d’essai".to_owned(),
        lanes: (0..count).map(title).collect(),
        nodes: lanes.iter().enumerate().map(|(at, lane)| node(at, *lane, &format!("Élément {at}"))).collect(),
        edges: edges.iter().map(|(from, to)| edge(*from, *to)).collect(),
        kept: Vec::new(),
    }
}

fn picture(drawing: &Drawing) -> String {
    svg(drawing, &lay_out(drawing), false)
}

/// Every value of an attribute in what follows each occurrence of a marker.
fn values(picture: &str, marker: &str, attribute: &str) -> Vec<i32> {
    let after = |part: &str| {
        let from = part.find(&format!(" {attribute}=\""))? + attribute.len() + 3;
        part[from..].split('"').next()?.parse().ok()
    };
    picture.split(marker).skip(1).filter_map(after).collect()
}

/// The boxes of all nodes: x, y, width, height.
fn boxes(picture: &str) -> Vec<[i32; 4]> {
    let side = |attribute| values(picture, "<rect class=\"box\"", attribute);
    let (x, y, wide, high) = (side("x"), side("y"), side("width"), side("height"));
    (0..x.len()).map(|at| [x[at], y[at], wide[at], high[at]]).collect()
}

fn overlapping(boxes: &[[i32; 4]]) -> Option<([i32; 4], [i32; 4])> {
    let mut sorted = boxes.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).map(|two| (two[0], two[1])).find(|(a, b)| a[0] == b[0] && a[1] + a[3] > b[1])
}

/// A map like a hospital's: `count` nodes, three needs each, a few hubs, some cycles.
fn hospital(count: usize) -> Drawing {
    let lanes: Vec<usize> = (0..count).map(|at| [0, 0, 1, 1, 1, 2, 3, 4, 4, 4, 5, 5, 6][at % 13]).collect();
    let mut seed = 7_u64;
    let mut draw = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % most
    };
    let mut edges = Vec::new();
    for from in 0..count {
        for _ in 0..3 {
            let to = draw(count);
            edges.push(if draw(10) == 0 || lanes[to] > lanes[from] { (from, to) } else { (to, from) });
        }
    }
    drawing(&lanes, &edges)
}

#[test]
fn every_node_is_drawn_once_in_its_lane_whatever_the_map() {
    let self_loop = drawing(&[0, 1], &[(0, 0), (0, 1)]);
    let cycle = drawing(&[0, 1, 2], &[(0, 1), (1, 2), (2, 0), (2, 1), (1, 0)]);
    let within = drawing(&[0, 0, 0], &[(0, 1), (1, 2), (2, 0)]);
    let empty_lane = drawing(&[0, 2, 2], &[(0, 1), (0, 2)]);
    let dangling = drawing(&[0, 1], &[(0, 9), (9, 0), (9, 9)]);
    let nothing = Drawing::default();
    for map in [drawing(&[0], &[]), self_loop, cycle, within, empty_lane, dangling, nothing, drawing(&[0; 600], &[(3, 4)])] {
        let layout = lay_out(&map);
        let mut all: Vec<usize> = layout.order.iter().flatten().copied().collect();
        all.sort_unstable();
        assert_eq!(all, (0..map.nodes.len()).collect::<Vec<_>>());
        assert!(layout.order.iter().enumerate().all(|(at, lane)| lane.iter().all(|n| map.nodes[*n].lane == at)));
        let picture = svg(&map, &layout, true);
        assert_eq!(picture.matches("class=\"box\"").count(), map.nodes.len());
        assert_eq!(picture.matches("class=\"lane\"").count(), map.lanes.len());
        assert!(!picture.contains("style="), "the content security policy forbids it");
    }
}

#[test]
fn nodes_of_a_lane_that_does_not_exist_are_left_out() {
    let mut map = drawing(&[0, 1], &[(0, 1), (1, 0)]);
    map.nodes[1].lane = 7;
    assert_eq!(lay_out(&map).order, [vec![0], vec![]]);
    assert_eq!(picture(&map).matches("class=\"box\"").count(), 1);
}

#[test]
fn the_words_of_a_map_never_meet() {
    for count in [1, 16, 60, 400] {
        let mut map = hospital(count);
        for (at, node) in map.nodes.iter_mut().enumerate() {
            node.label = format!("Un nom assez long pour être coupé, numéro {at}");
            node.mark = [Mark::Stopped, Mark::None, Mark::Degraded][at % 3];
        }
        let boxes = boxes(&picture(&map));
        assert_eq!((boxes.len(), overlapping(&boxes)), (count, None), "{count} nodes");
    }
    let one_lane = boxes(&picture(&drawing(&[0; 600], &[])));
    assert_eq!((one_lane.len(), overlapping(&one_lane)), (600, None));
}

#[test]
fn labels_end_before_their_notes_and_nothing_is_smaller_than_twelve_pixels() {
    let mut map = drawing(&[0, 0], &[]);
    map.nodes[0].label = "Programmation opératoire et stérilisation centrale".to_owned();
    map.nodes[0].note = "1 h 30".to_owned();
    let picture = picture(&map);
    assert!(picture.contains("…</text>"), "{picture}");
    assert!(
        picture.contains("<title>Programmation opératoire et stérilisation centrale, 1 h 30</title>"),
        "the whole name is there"
    );
    let sizes = picture.split("font-size=\"").skip(1).map(|part| part.split('"').next().unwrap().parse::<f64>().unwrap());
    assert!(sizes.fold(f64::MAX, f64::min) >= 12.0);
}

#[test]
fn names_are_written_and_never_become_markup() {
    let mut map = drawing(&[0, 1], &[(0, 1)]);
    map.nodes[0].label = "<script>alert(\"x\")</script> & l'eau".to_owned();
    map.nodes[0].note = "</a>".to_owned();
    map.nodes[0].href = "/carte?x=\"><b>&y".to_owned();
    map.lanes[0].title = "Médicaments & <dispositifs>".to_owned();
    map.lanes[0].note = "\"12\" touchées".to_owned();
    map.title = "« R&D » <perdue>".to_owned();
    let picture = picture(&map);
    for bad in ["<script", "</a></title>", "\"><b>", "<dispositifs>", "<perdue>", "R&D", " & "] {
        assert!(!picture.contains(bad), "{bad} in {picture}");
    }
    assert!(picture.contains("&lt;script&gt;") && picture.contains("Médicaments &amp; &lt;dispositifs&gt;"));
}

#[test]
fn the_fewest_lines_cross() {
    // Four that need four, given upside down.
    let map = drawing(&[0, 0, 0, 0, 1, 1, 1, 1], &[(0, 7), (1, 6), (2, 5), (3, 4)]);
    let order = lay_out(&map).order;
    let wanted: Vec<usize> = order[0].iter().map(|n| 7 - n).collect();
    assert_eq!(order[1], wanted);
    // A line that explains is worth six that do not.
    let mut map = drawing(&[0, 0, 1, 1], &[(0, 3), (1, 2), (0, 2), (1, 3)]);
    map.nodes[0].rank = Some(0);
    map.nodes[1].rank = Some(1);
    map.edges[0].stroke = Stroke::Explains;
    assert_eq!(lay_out(&map).order[1], [3, 2]);
}

#[test]
fn rows_are_sorted_by_rank_first() {
    let mut map = drawing(&[0, 0, 0, 1, 1, 1], &[(0, 3), (1, 4), (2, 5)]);
    for (at, rank) in [2, 0, 1].into_iter().enumerate() {
        map.nodes[at].rank = Some(rank);
    }
    map.kept = ["k0", "k1", "k2"].map(str::to_owned).to_vec();
    let order = lay_out(&map).order;
    assert_eq!(order, [vec![1, 2, 0], vec![4, 5, 3]], "even when another order is kept");
}

#[test]
fn an_order_that_is_kept_stays_and_newcomers_find_their_place() {
    let before = hospital(120);
    let mut kept: Vec<String> = lay_out(&before).keys(&before).into_iter().map(str::to_owned).collect();
    kept.reverse();
    kept.push("someone who left".to_owned());
    let mut after = hospital(160);
    after.kept.clone_from(&kept);
    let order = lay_out(&after).order;
    let place = |key: &str| kept.iter().position(|k| k == key);
    for lane in &order {
        let places: Vec<usize> = lane.iter().filter_map(|n| place(&after.nodes[*n].key)).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
    // A newcomer that needs the same as the first of the kept stands beside it.
    let mut map = drawing(&[0, 0, 0, 0, 1, 1, 1], &[(0, 4), (1, 5), (2, 6), (3, 4)]);
    map.kept = ["k0", "k1", "k2", "k4", "k5", "k6"].map(str::to_owned).to_vec();
    let order = lay_out(&map).order;
    assert_eq!(order[1], [4, 5, 6]);
    assert!(order[0] == [0, 3, 1, 2] || order[0] == [3, 0, 1, 2], "{order:?}");
}

#[test]
fn an_edge_that_passes_a_lane_has_a_row_of_its_own_there() {
    let map = drawing(&[0, 0, 1, 1, 1, 2], &[(0, 2), (1, 4), (0, 5), (1, 5)]);
    let picture = picture(&map);
    let boxes: BTreeMap<i32, Vec<i32>> = boxes(&picture).into_iter().fold(BTreeMap::new(), |mut all, [x, y, ..]| {
        all.entry(x).or_default().push(y);
        all
    });
    let middle: Vec<i32> = boxes.values().nth(1).unwrap().clone();
    // The one straight line along the middle lane, shared by both edges, is not within a node of that lane.
    let pass =
        picture.split("<path class=\"f\"").find(|p| p.contains("data-f=\"0 1\" data-t=\"5\" d=\"M") && p.contains('H')).unwrap();
    let y: i32 = pass.split("d=\"M").nth(1).unwrap().split([',', 'H']).nth(1).unwrap().parse().unwrap();
    assert!(middle.iter().all(|top| y <= *top || y > top + 26), "{y} {middle:?}");
}

/// Where the lines of a picture begin and where their arrows point, by who needs and what is needed.
fn ends(picture: &str) -> Vec<(String, Option<String>)> {
    let line = |part: &str| {
        let path = part.split(" d=\"M").nth(1).unwrap().split('"').next().unwrap();
        let begins = path.split(['C', 'H']).next().unwrap().to_owned();
        // An arrow is drawn as two strokes that meet at its tip.
        let arrow = path.rsplit('M').next().unwrap().split('L').nth(1).map(str::to_owned);
        (begins, arrow)
    };
    picture.split("</g>").next().unwrap().split("<path").skip(1).map(line).collect()
}

#[test]
fn who_needs_and_what_is_needed_never_share_a_point() {
    // The hub needs two on its right; two others on its right, and two of its own lane, need it.
    let map = drawing(&[0, 1, 1, 1, 1, 0, 0], &[(0, 1), (0, 2), (3, 0), (4, 0), (5, 0), (6, 0)]);
    let ends = ends(&picture(&map));
    let begins = |arrow: bool| ends.iter().filter(move |(_, tip)| tip.is_some() == arrow);
    let needs: Vec<&String> = begins(false).map(|(begins, _)| begins).collect();
    assert_eq!((needs.len(), needs[0]), (2, needs[1]), "both needs leave from the end of the rule");
    let mut tips: Vec<&String> = begins(true).filter_map(|(_, tip)| tip.as_ref()).collect();
    assert!(!tips.contains(&needs[0]), "no arrow there");
    assert_eq!(tips.len(), 4);
    tips.sort_unstable();
    tips.dedup();
    assert_eq!(tips.len(), 3, "an arrow for each line from the right, one for those of its lane: {tips:?}");
}

#[test]
fn many_who_need_one_thing_against_the_reading_direction_stay_beside_its_name() {
    let lanes: Vec<usize> = std::iter::once(0).chain(std::iter::repeat_n(1, 60)).collect();
    let edges: Vec<(usize, usize)> = (1..=60).map(|from| (from, 0)).collect();
    let picture = picture(&drawing(&lanes, &edges));
    let [_, top, _, high] = boxes(&picture)[0];
    let tips: Vec<i32> = ends(&picture).iter().filter_map(|(_, tip)| tip.as_ref()?.split(',').nth(1)?.parse().ok()).collect();
    assert_eq!(tips.len(), 60);
    assert!(tips.iter().all(|y| (top..top + high).contains(y)), "{top} {tips:?}");
}

#[test]
fn the_names_that_tell_the_story_are_whole() {
    let name = "Identités et mouvements des patients (noyau)";
    for (weight, whole) in [(Weight::Lost, true), (Weight::Chosen, true), (Weight::Hit, true), (Weight::Faded, false)] {
        let mut map = drawing(&[0, 1], &[(0, 1)]);
        map.nodes[1].label = name.to_owned();
        map.nodes[1].mark = Mark::Stopped;
        map.nodes[1].weight = weight;
        map.nodes[1].note = if weight == Weight::Lost { "perdu" } else { "" }.to_owned();
        assert_eq!(picture(&map).contains(&format!(">{name}</text>")), whole, "{weight:?}");
        map.nodes[1].label = name.repeat(9);
        assert!(picture(&map).contains("…</text>"), "the lane has a limit: {weight:?}");
    }
}

#[test]
fn what_is_lost_is_the_only_filled_box_and_every_state_is_said_in_words() {
    let mut map = drawing(&[0, 0, 0, 1], &[(0, 3), (1, 3)]);
    map.nodes[0].mark = Mark::Degraded;
    map.nodes[0].weight = Weight::Hit;
    map.nodes[1].mark = Mark::Stopped;
    map.nodes[1].weight = Weight::Chosen;
    map.nodes[3].weight = Weight::Lost;
    map.nodes[3].mark = Mark::Stopped;
    map.edges[0].stroke = Stroke::Explains;
    map.edges[1] = Edge { stroke: Stroke::Chosen, redundant: true, ..map.edges[1] };
    let picture = picture(&map);
    assert_eq!(picture.matches("class=\"n lost\"").count(), 1);
    for words in ["Élément 0, en mode dégradé", "Élément 1, à l’arrêt", "Élément 3, à l’arrêt, perdu"] {
        assert!(picture.contains(&format!("<title>{words}</title>")), "{words}");
    }
    assert!(picture.contains("<path class=\"sel\" stroke-dasharray=\"5 3\""));
    let faint = picture.find("class=\"x\"").unwrap();
    assert!(faint < picture.find("class=\"sel\"").unwrap(), "the chosen path is on top");
    assert!(!picture.contains("map calm"));
}

#[test]
fn a_picture_of_its_own_brings_its_style() {
    let map = drawing(&[0, 1], &[(0, 1)]);
    let layout = lay_out(&map);
    assert!(svg(&map, &layout, true).contains("<style>.map text{"));
    assert!(!svg(&map, &layout, false).contains("<style>"));
}

#[test]
fn a_layout_of_another_drawing_loses_nothing() {
    let map = hospital(60);
    let other = lay_out(&hospital(40));
    assert_eq!(overlapping(&boxes(&svg(&map, &other, false))), None);
    assert_eq!(boxes(&svg(&map, &other, false)).len(), 60);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_map_is_laid_out_the_same_way_twice_without_words_that_meet(
        lanes in proptest::collection::vec(0..6_usize, 1..60),
        edges in proptest::collection::vec((0..64_usize, 0..64_usize), 0..120),
        kept in proptest::collection::vec(0..64_usize, 0..40),
    ) {
        let mut map = drawing(&lanes, &edges);
        map.kept = kept.iter().map(|at| format!("k{at}")).collect();
        let layout = lay_out(&map);
        prop_assert_eq!(&layout, &lay_out(&map));
        let picture = svg(&map, &layout, false);
        prop_assert_eq!(&picture, &svg(&map, &layout, false));
        let boxes = boxes(&picture);
        prop_assert_eq!(boxes.len(), lanes.len());
        prop_assert_eq!(overlapping(&boxes), None);
        for lane in &layout.order {
            let places: Vec<usize> = lane.iter().filter_map(|n| map.kept.iter().position(|k| *k == map.nodes[*n].key)).collect();
            prop_assert!(places.is_sorted());
        }
    }
}
