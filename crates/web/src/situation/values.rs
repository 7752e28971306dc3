//! What a point says beyond what every text of the crisis says ([`crate::legal::placeholder`]): who calls, from which units.

use super::offer::units;
use crate::crisis::scene::Scene;

/// A shipped text filled in with what is known; what is not leaves a visible blank.
pub(super) fn fill(scene: &Scene<'_>, text: &str, own: impl Fn(&str) -> Option<String>) -> String {
    content::placeholders::fill(text, |name| {
        own(name).or_else(|| value(scene, name)).or_else(|| crate::legal::placeholder(scene, name))
    })
}

fn value(scene: &Scene<'_>, name: &str) -> Option<String> {
    let person = scene.visitor.person();
    match name {
        "déclarant" => Some(scene.state.register.name(&scene.visitor.actor)),
        "fonction" => person.map(|p| p.function.clone()),
        // The number one is called back on: the one that rings when the switchboard is down first.
        "téléphone" => {
            person.and_then(|p| p.card()).and_then(|c| [&c.mobile, &c.phone].into_iter().find(|n| !n.is_empty()).cloned())
        }
        "lits_installés" => {
            Some(units(scene).iter().filter_map(|u| u.beds).map(u64::from).sum::<u64>()).filter(|n| *n > 0).map(|n| n.to_string())
        }
        "unités_fermées" => closed(scene),
        _ => None,
    }
}

/// Units that said they have no bed open; nobody having said anything is not the same as none.
fn closed(scene: &Scene<'_>) -> Option<String> {
    let units = units(scene);
    units.iter().any(|u| u.now().is_some()).then(|| {
        let closed: Vec<&str> = units.iter().filter(|u| u.now().is_some_and(|o| o.open == 0)).map(|u| u.name).collect();
        if closed.is_empty() { "aucune".to_owned() } else { closed.join(", ") }
    })
}
