//! An exercise from the kit to the action plan, in real browsers: a facilitator, two players, an observer with a telephone.
//! Every page that is passed is examined by axe-core, in every look.

mod support;

use support::axe::{LOOKS, look, script, violations};
use support::browser::{Driver, sees};
use support::{Place, Server};
use thirtyfour::prelude::*;

/// Somebody with a browser, and what is wrong with the pages they saw.
struct Somebody {
    browser: WebDriver,
    address: String,
    axe: Option<String>,
    faults: Vec<String>,
    wide: (u32, u32),
}

impl Somebody {
    async fn enters(driver: &Driver, address: &str, who: &str, wide: (u32, u32)) -> WebDriverResult<Self> {
        let browser = driver.browser(wide.0, wide.1).await?;
        let mut one = Self { browser, address: address.to_owned(), axe: script(), faults: Vec::new(), wide };
        one.goes("/connexion").await?;
        one.presses(who).await?;
        one.sees("Aujourd’hui").await;
        Ok(one)
    }

    async fn goes(&mut self, path: &str) -> WebDriverResult<()> {
        self.browser.goto(format!("{}{path}", self.address)).await
    }

    async fn sees(&self, words: &str) {
        sees(&self.browser, words).await;
    }

    /// Presses the button, or follows the link, that holds these words, as soon as it is there: pages refresh while one looks.
    async fn presses(&self, words: &str) -> WebDriverResult<()> {
        let script = format!(
            "const plain = (e) => e.textContent.replace(/\\s+/g, ' ');
             const found = [...document.querySelectorAll('main button, main a, main summary, button, a, summary')]
               .find((e) => plain(e).includes({words:?}) && e.checkVisibility());
             if (!found) return '';
             found.click();
             return 'x';"
        );
        awaited(self, &script).await.map(|_| ())
    }

    async fn runs(&self, script: &str) -> WebDriverResult<String> {
        let value = self.browser.execute(script, Vec::new()).await?;
        Ok(value.json().as_str().unwrap_or_default().to_owned())
    }

    async fn path(&self) -> WebDriverResult<String> {
        Ok(self.browser.current_url().await?.path().to_owned())
    }

    /// Examines the page that is open.
    async fn examines(&mut self) -> WebDriverResult<()> {
        let Some(axe) = self.axe.clone() else { return Ok(()) };
        let path = self.path().await?;
        for way in LOOKS {
            look(&self.browser, way).await?;
            for violation in violations(&self.browser, &axe).await? {
                self.faults.push(format!("{path} at {} px, {}:\n    {violation}", way.width, way.colours));
            }
        }
        // Back to how they hold it.
        let own = LOOKS.into_iter().find(|way| way.colours == "light" && (way.width > 800) == (self.wide.0 > 800));
        look(&self.browser, own.unwrap_or(LOOKS[0])).await
    }

    async fn visits(&mut self, path: &str, words: &str) -> WebDriverResult<()> {
        self.goes(path).await?;
        self.sees(words).await;
        self.examines().await
    }
}

/// Waits until a script answers something.
async fn awaited(one: &Somebody, script: &str) -> WebDriverResult<String> {
    for _ in 0..150 {
        let answer = one.runs(script).await?;
        if !answer.is_empty() {
            return Ok(answer);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let shown = one.runs("return location.pathname + ' : ' + document.body.innerText.slice(0, 600)").await?;
    panic!("never: {script}\n{shown}")
}

/// Plans the exercise, says who takes part, and looks at every page of the preparation.
async fn prepares(simon: &mut Somebody) -> WebDriverResult<String> {
    simon.visits("/exercices", "L’exercice annuel est à jour").await?;
    simon.visits("/exercices/kits", "Kits d’exercice").await?;
    simon.visits("/exercices/kits/rancongiciel_ehpad", "Prévoir cet exercice").await?;
    simon.runs("document.querySelector('[name=planned_at]').value = '2030-01-15T09:30'").await?;
    simon.presses("Prévoir").await?;
    let path = awaited(simon, "return /exercices\\/[0-9a-f]{32}$/.test(location.pathname) ? location.pathname : ''").await?;
    for (who, part) in [("Gauthier", "player/direction"), ("Perez", "player/soins"), ("Masson", "observer/")] {
        simon.goes(&format!("{path}/participants")).await?;
        let chosen = format!(
            "const s = document.querySelector('select[name=actor]'), o = [...s.options].find((o) => o.textContent.includes('{who}'));
             s.value = o.value; document.querySelector('select[name=as]').value = '{part}'; s.form.querySelector('button').click();"
        );
        simon.runs(&chosen).await?;
        let there =
            format!("return [...document.querySelectorAll('.what')].some((e) => e.textContent.includes('{who}')) ? 'x' : ''");
        awaited(simon, &there).await?;
    }
    for (below, words) in [
        ("", "Ouvrir l’exercice"),
        ("/cadre", "Durée, en minutes"),
        ("/contexte", "Comment cela se lira"),
        ("/chronogramme", "stimuli"),
        ("/chronogramme/2", "Réaction attendue"),
        ("/criteres", "Préconisation"),
        ("/participants", "Masson"),
        ("/preparation", "Préparation"),
        ("/documents/animateur", "Guide de l’animateur"),
        ("/documents/observateur", "Grille"),
        ("/import", "Importer"),
    ] {
        simon.visits(&format!("{path}{below}"), words).await?;
    }
    simon.goes(&path).await?;
    Ok(path)
}

/// From DEBEX to FINEX.
async fn plays(simon: &mut Somebody, players: [&mut Somebody; 2], masson: &mut Somebody, below: &str) -> WebDriverResult<()> {
    let [perez, gauthier] = players;
    answers(perez, below).await?;
    simon.presses("DEBEX").await?;
    simon.sees("Suspendre").await;
    simon.presses("×8").await?;
    reads(perez).await?;
    opens_a_crisis(gauthier, below).await?;
    judges(masson, below).await?;
    watches(simon, below).await?;
    knows_no_more(perez, below).await?;
    finishes(simon, perez, below).await
}

/// The comms check and the briefing.
async fn answers(perez: &mut Somebody, below: &str) -> WebDriverResult<()> {
    perez.visits(&format!("{below}/appel"), "Je suis là").await?;
    perez.presses("Je suis là").await?;
    perez.sees("Règles du jeu").await;
    perez.visits(&format!("{below}/briefing"), "Règles du jeu").await?;
    perez.goes(&format!("{below}/boite")).await
}

/// The inbox follows by itself; the first inject for this team is due two minutes after DEBEX.
async fn reads(perez: &mut Somebody) -> WebDriverResult<()> {
    perez.sees("DEBEX : 5:45").await;
    awaited(perez, "return document.querySelectorAll('.messages li').length >= 2 ? 'x' : ''").await?;
    perez.examines().await?;
    perez.presses("La tablette ne veut plus rien").await?;
    perez.sees("Ouvrir une crise").await;
    perez.examines().await
}

async fn opens_a_crisis(gauthier: &mut Somebody, below: &str) -> WebDriverResult<()> {
    gauthier.goes(&format!("{below}/crises/nouvelle")).await?;
    gauthier.runs("document.querySelector('[name=title]').value = 'Ordinateurs bloqués'").await?;
    gauthier.runs("document.querySelector('main form [type=submit], main form button').click()").await?;
    gauthier.sees("Main courante").await;
    Ok(())
}

async fn judges(masson: &mut Somebody, below: &str) -> WebDriverResult<()> {
    masson.visits(&format!("{below}/grille"), "Grille d’observation").await?;
    masson.runs("document.querySelector('form button[name=grade][value=partly]').click()").await?;
    masson.sees("Noté à").await;
    Ok(())
}

async fn watches(simon: &mut Somebody, below: &str) -> WebDriverResult<()> {
    simon.goes(&format!("{below}/console")).await?;
    simon.sees("Critères").await;
    let followed =
        "return document.body.innerText.includes('Ordinateurs bloqués') || document.body.innerText.includes('lu 1/') ? 'x' : ''";
    awaited(simon, followed).await?;
    simon.examines().await
}

/// A player may stop everything, and knows no console and no grid.
async fn knows_no_more(perez: &mut Somebody, below: &str) -> WebDriverResult<()> {
    perez.visits(&format!("{below}/arret"), "Arrêter l’exercice pour tous").await?;
    for hidden in ["/console", "/grille"] {
        perez.goes(&format!("{below}{hidden}")).await?;
        perez.sees("n’existe pas").await;
    }
    Ok(())
}

async fn finishes(simon: &mut Somebody, perez: &mut Somebody, below: &str) -> WebDriverResult<()> {
    simon.runs("document.getElementById('finex-volet').open = true; document.getElementById('finex-sur').checked = true").await?;
    simon.presses("FINEX : terminer l’exercice").await?;
    simon.sees("Clore l’exercice").await;
    perez.visits(&format!("{below}/debriefing"), "Débriefing à chaud").await?;
    perez.runs("document.querySelector('main textarea').value = 'Le chariot de papier.'").await?;
    perez.presses("Enregistrer").await?;
    perez.sees("enregistr").await;
    Ok(())
}

/// The report, its facts those of the journal, and an action from one of its findings.
async fn learns(simon: &mut Somebody, path: &str, before: &str) -> WebDriverResult<()> {
    simon.presses("Clore l’exercice").await?;
    awaited(simon, "return location.pathname.endsWith('/retex') ? 'x' : ''").await?;
    // The facts of the report are those of the journal.
    for words in ["Crise ouverte", "Signalement au CERT Santé", "jamais", "Le chariot de papier."] {
        simon.sees(words).await;
    }
    assert_eq!(simon.runs("return document.body.dataset.journal").await?, before, "back in real life");
    simon.examines().await?;
    simon.visits(&format!("{path}/retex/texte"), "Texte du RETEX").await?;
    simon.visits(&format!("{path}/retex/constat"), "Nouveau constat").await?;
    simon.goes(&format!("{path}/retex")).await?;
    simon.runs("for (const d of document.querySelectorAll('details')) d.open = true").await?;
    simon.presses("Retenir").await?;
    simon.sees("Créer l’action").await;
    simon.presses("Créer l’action").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_kit_to_the_action_plan() -> WebDriverResult<()> {
    let (place, driver) = (Place::new(), Driver::start());
    let server: Server = place.demo(0);
    let home = server.others.last().expect("the nursing home").clone();
    let mut simon = Somebody::enters(&driver, &home, "Simon", (1440, 900)).await?;
    let path = prepares(&mut simon).await?;
    let before = simon.runs("return document.body.dataset.journal").await?;
    simon.presses("Ouvrir l’exercice").await?;
    let console = awaited(&simon, "return location.pathname.endsWith('/console') ? location.pathname : ''").await?;
    let below = console.trim_end_matches("/console").to_owned();
    let mut perez = Somebody::enters(&driver, &home, "Perez", (1440, 900)).await?;
    let mut gauthier = Somebody::enters(&driver, &home, "Gauthier", (1440, 900)).await?;
    let mut masson = Somebody::enters(&driver, &home, "Masson", (390, 844)).await?;
    plays(&mut simon, [&mut perez, &mut gauthier], &mut masson, &below).await?;
    learns(&mut simon, &path, &before).await?;
    finds(vec![simon, perez, gauthier, masson]).await;
    Ok(())
}

async fn finds(all: Vec<Somebody>) {
    let mut faults = Vec::new();
    for one in all {
        faults.extend(one.faults);
        // The driver ends it anyway.
        let _ = one.browser.quit().await;
    }
    assert!(faults.is_empty(), "{} fault(s):\n{}", faults.len(), faults.join("\n"));
}
