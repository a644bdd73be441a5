/**
 * Words that begin sentences without being names, where a corpus is too small to show them
 * lower-case: function words, question words, small numbers, and verbs that tasks begin with. Those that
 * are common names in another of these languages (`Dan`, `Ed`, `Ella`) are left out.
 */
const openers = {
  english: `a about above according across actually add additionally after afterwards again all
    almost along already also although always among an and another answer any anyone are as ask
    assume at away back based because before behind below besides between both but by calculate can
    choose classify compare complete compute consider convert could count create decide define
    describe determine did different divide do does draw during each eight eighteen either eleven
    estimate evaluate even eventually every everybody everyone everything evidently exactly explain
    express few fifteen fifty fill finally find first five for forty four fourteen from fully
    generally generate given had half has have having he hello help hence her here his how however
    hundred identify if imagine in initially inside instead into is isn it its just last later let
    like list look made make many maybe meanwhile more moreover most much multiply my name near
    nearly neither never next nine nineteen no nobody none nor not nothing now obviously of often
    on once one only or originally other others otherwise our out outside over perhaps please
    possibly probably prove put quite rather read recently rewrite round say second select seven
    seventeen several shall she should show similarly simplify since six sixteen sixty so solve
    some somebody someone something sometimes somewhere soon state still subtract such sum
    summarise summarize suppose surely take tell ten than that the their them then there thereafter
    therefore these they think third thirteen thirty this those though thousand three through
    throughout thus to today together tomorrow tonight total translate try turn twelve twenty two
    typically under unfortunately unless unlike until up upon use using usually very was we well
    were what whatever when whenever where whereas wherever whether which while who whoever whom
    whose why with within without work would write yes yesterday yet you your`,
  german: `ab aber alle allein alles als also am anderen angenommen auch auf aus außerdem bei
    beide beim bereits berechne bestimme bevor bis danach dann daher damit das dass davon dazu
    dein dem den denn der deren des deshalb dessen deswegen die dies diese dieser dieses doch dort
    drei durch ein eine einem einen einer eines einige einmal er erkläre erst es etwa fast finde
    fünf für gegen gestern gib gibt hat hatte heute hier hinter ich ihr ihre im immer in inzwischen
    insgesamt ist je jede jeden jeder jedes jedoch jemand jetzt kann kein keine können löse man
    manche mehr mehrere mein meist mit morgen nach nachdem nenne nicht nichts nie niemand noch nun
    nur ob obwohl oder ohne schließlich schon schreibe sechs sehr seit sein seine sich sie sieben
    sind so sobald sonst soll trotzdem über um und uns unser unter viele vier vom von vor während
    wann war waren warum was weil welche welcher welches wem wen wenn wer werden weshalb wie wieder
    wieso wieviel wird wir wo woher wohin während zehn zu zuerst zum zur zusammen zwar zwei zwischen`,
  french: `à afin ai ainsi alors après assez au aucun aujourd aussi autant autour aux avant avec
    beaucoup bien calcule calculer calculez car ce ceci cela celle celui cent cependant ces cet
    cette ceux chaque chez cinq combien comme comment considère considérez dans de demain depuis
    dernièrement des deux dix donc du elle elles en encore enfin ensuite entre est et explique
    expliquez hier huit ici il ils je jusque la le les leur leurs lors lorsque lui ma mais malgré
    mes moins mon même ne neuf ni nos notre nous on ou où par parce parfois pendant personne peu
    plus plusieurs pour pourquoi puis puisque qu quand quatre que quel quelle quelles quelque
    quelques quels qui quoi sa sans se selon sept ses si six soit son sont sous souvent sur ta tes
    ton toujours tous tout toute toutes trois trouve trouver trouvez très tu un une vers voici voilà
    vos votre vous`,
  spanish: `a además ahora algo alguien algunas alguno algunos antes aquel aquella aquellos aquí
    así aunque ayer bajo cada calcula calcule casi catorce cinco como cómo con considera contra cual
    cuál cuáles cuando cuándo cuanto cuánta cuántas cuánto cuántos cuatro de del desde después
    determina diez donde dónde dos durante el él ellas ellos en encuentra encuentre entonces
    entre era es esa esas ese eso esos esta está estaba estas este esto estos explica finalmente
    había halla hasta hay hoy la las le les lo los luego mañana más me mi mientras mis muchas mucho
    muchos muy nada nadie ni ningún ninguna no nos nosotros nueve nunca ocho once otra otras otro
    otros para pero poco por porque primero pues que qué quien quién quiénes resuelve se según seis
    ser si sí siempre siete sin sobre solo son su supón suponga sus también tampoco tan tanto te
    tenía tiene todas todo todos tras tres tu tus un una unas uno unos usted varios veinte y ya yo`,
  italian: `ad alcune alcuni alla allora anche ancora aveva calcola che chi ci ciò cinque come
    con così cosa cui da dalla dei del delle di dopo dove due è era fra gli ha hanno i
    il in infine invece io l la le lei loro lui ma mentre molte molti nel nella nessuno noi non o
    ogni oggi oppure ora per perché però più poi prima qual quale quali quando quante quanti quanto
    quattro quella quello questa queste questi questo se secondo sei senza si sono sopra sotto
    spiega su sul sulla suo tra tre trova tutte tutti tutto un una uno voi`,
  portuguese: `agora ainda além algum alguns antes ao aos apesar após aquele aqui as assim até
    calcule com como considere contudo da das de depois desde determine do dois dos duas e ela elas
    ele eles em embora encontre enquanto entre era essa esse esta estava este eu explique foi há
    hoje isso isto já mais mas muitas muito muitos na nas não no nos nós num numa o onde ontem os ou
    para pela pelo pois por porém porque quais qual quando quantas quanto quantos quatro que quem se
    segundo sem sempre seu seus sob sobre sua suas também tem tinha toda todas todo todos três tudo
    um uma você`,
  dutch: `aan af alle als alles bereken bij daar daarna dat de deze die dit door drie dus een
    eerst elk elke en er gisteren had heeft het hij hoe hoeveel iedereen iemand ik in is je maar
    meer men met mijn na naar niemand niet nog nu of om omdat onder ons ook op over per sinds
    sommige te tegen ten tot totdat tussen twee uit van vandaag vanwege veel verder vier volgens
    voor voordat waar waarom wanneer waren was wat we welk welke wie wij zij ze zijn zo zodra
    zonder`,
};

export const sentenceOpeners: ReadonlySet<string> = new Set(
  Object.values(openers).flatMap((words) => words.split(/\s+/u)),
);

/**
 * What no name has behind it where it begins a sentence, in the same languages: articles and other
 * determiners and pronouns, as after a verb that asks for something (`Sketch the …`), verbs of a
 * plural (`Birds are …`), and prepositions. (`a` is a verb as well: `Pierre a …`.)
 */
const notAfterNames = `all an any are at between by do each every few for from have he her his
  how i in into it its many more most my of on our per several she some than that the their them
  these they this those to two under we were what when where which who why with you your
  das dem den der des die diese dieses ein eine einem einen einer eines er es ihr im ihre man mein
  sein seine sich sie sind waren wie wir
  aux ce ces cet cette de des du elle elles il ils je la le les leur mon nous on quel quelle sa ses
  son sont sur un une vous
  al cada con del el ella ellos este esta la las lo los por que qué son su sus una unas uno unos
  di gli il lo nel os as dos das um uma o een het zijn`;

export const neverAfterNames: ReadonlySet<string> = new Set(notAfterNames.split(/\s+/u));
