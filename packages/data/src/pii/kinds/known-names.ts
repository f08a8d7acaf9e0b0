import { plain } from '../columns/header.ts';

// Common given names of some thirty countries, from the public lists of their registries of births, without accents.
const given = `james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark
  donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas
  eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry
  tyler aaron jose adam nathan henry douglas zachary peter kyle walter ethan jeremy harold keith christian roger noah gerald
  carl terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie gabriel logan alan juan wayne
  roy ralph randy eugene vincent russell elijah louis bobby philip johnny liam oliver harry oscar archie leo theo finley
  mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly
  emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley
  anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane
  ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline
  martha gloria teresa ann sara madison frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris
  marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori amelia isla poppy freya
  hans peter klaus wolfgang jurgen dieter manfred uwe gunter horst bernd karl heinz stefan andreas thomas markus matthias jan
  lukas leon finn jonas felix maximilian moritz tobias florian sebastian ursula monika petra sabine renate helga karin brigitte
  ingrid erika heike anja katrin susanne lena mia leonie lea hanna johanna greta jorg bjorn kathe
  jean pierre michel andre philippe alain bernard jacques daniel francois christophe nicolas julien antoine hugo jules gabriel
  marie nathalie isabelle sylvie catherine francoise valerie sandrine celine camille chloe lea manon ines jade louise aurelie
  antonio manuel jose francisco juan javier carlos miguel rafael alejandro pablo sergio alvaro diego luis jorge ramon enrique
  fernando maria carmen josefa isabel dolores pilar teresa lucia sofia martina paula elena marta cristina raquel rosa beatriz
  giuseppe giovanni antonio mario luigi francesco angelo vincenzo pietro salvatore carlo franco domenico bruno paolo marco luca
  alessandro matteo lorenzo davide andrea federico riccardo giulia chiara francesca sara martina giorgia alessia elisa valentina
  rosa angela giovanna paola laura silvia
  joao jose antonio manuel pedro paulo carlos luis tiago rui miguel nuno goncalo rodrigo lucas matheus guilherme gustavo rafael
  felipe bruno maria ana beatriz mariana leonor matilde carolina ines fernanda juliana adriana patricia camila larissa leticia
  jan piet johannes cornelis hendrik willem gerrit pieter daan sem bram lars thijs maarten jeroen joost sander anna johanna
  cornelia wilhelmina sanne lotte fleur femke anouk marieke
  piotr krzysztof andrzej jan stanislaw tomasz pawel marcin michal marek grzegorz jozef lukasz adam zbigniew jerzy kacper szymon
  jakub anna maria katarzyna malgorzata agnieszka barbara ewa krystyna magdalena elzbieta joanna aleksandra zofia monika zuzanna
  jiri josef pavel martin tomas jaroslav miroslav petr zdenek vaclav michal jakub jana marie eva hana lenka katerina lucie alena
  laszlo istvan jozsef zoltan sandor ferenc gabor attila balazs tamas maria erzsebet katalin ilona eva anna zsuzsanna judit
  lars erik karl anders per johan nils lennart mikael hans olof magnus bjorn gustav oskar maria anna margareta elisabeth eva
  kristina birgitta karin ingrid annika linnea astrid ole kjell knut svein arne harald tor inger kari solveig liv hilde jens
  niels soren henrik kirsten mette hanne juhani mikael matti timo jukka antti heikki mika pekka helena johanna anneli kaarina
  tuula liisa paivi minna jon sigurdur gudmundur gunnar olafur gudrun sigridur helga kristin
  ion andrei mihai alexandru gheorghe vasile nicolae constantin adrian elena ioana mihaela cristina georgiana
  ivan georgi dimitar nikola petar stoyan hristo maria ivanka elena daniela marko josip luka ante tomislav ivana marija
  georgios konstantinos ioannis dimitrios nikolaos panagiotis vasileios eleni katerina vasiliki sofia angeliki
  janis andris juris edgars inga liga kristine jonas vytautas antanas tomas mindaugas rasa ruta egle margus andres toomas
  mehmet mustafa ahmet ali huseyin hasan ibrahim ismail osman yusuf murat emre burak fatma ayse emine hatice zeynep elif meryem
  aleksandr sergei dmitri andrei aleksei vladimir mikhail nikolai yevgeny olga tatiana natalia irina svetlana yekaterina anastasia
  mohammed muhammad mohamed ahmed omar khalid abdullah youssef fatima aisha khadija maryam layla noor zainab hussein
  rahul amit rajesh sanjay vijay anil sunil ravi arjun rohan vikram suresh ramesh priya anjali pooja neha sunita kavita lakshmi
  aarav ananya divya deepak ashok manoj sandeep
  hiroshi takashi kenji kazuo akira yuki haruto sota ren yuto yoko keiko sakura yui hina aoi misaki naoko
  wei fang jing li na xiu ying lei yang min jie tao qiang chao hua ming minjun seoyeon jiwoo jihoon sujin jiyoung minji
  somchai somsak anong siti nur ahmad muhammad aminah putri budi agus dewi wei ling thabo sipho nomsa lerato themba zanele
  david moshe yosef avraham noam sarah rivka leah tamar shira santiago mateo valentina camila ximena guadalupe`;

const known = new Set(given.split(/\s+/));

/** Whether one of the words of a text is a common given name. */
export function hasGivenName(text: string): boolean {
  return plain(text)
    .split(/[^\p{L}\p{M}]+/u)
    .some((word) => known.has(word));
}

// Large cities, without accents.
const cities = new Set(
  `london|birmingham|manchester|leeds|glasgow|edinburgh|liverpool|bristol|cardiff|belfast|dublin|cork|galway|new york|los angeles|chicago|houston|phoenix|philadelphia|san antonio|san diego|dallas|austin|boston|seattle|denver|miami|atlanta|portland|detroit|toronto|montreal|vancouver|calgary|ottawa|sydney|melbourne|brisbane|perth|adelaide|auckland|wellington|christchurch|berlin|hamburg|munchen|munich|koln|cologne|frankfurt|stuttgart|dusseldorf|leipzig|dresden|bremen|hannover|nurnberg|wien|vienna|graz|linz|salzburg|zurich|geneve|geneva|basel|bern|lausanne|paris|marseille|lyon|toulouse|nice|nantes|strasbourg|bordeaux|lille|bruxelles|brussels|antwerpen|gent|liege|amsterdam|rotterdam|utrecht|eindhoven|den haag|madrid|barcelona|valencia|sevilla|zaragoza|malaga|bilbao|lisboa|lisbon|porto|braga|coimbra|roma|rome|milano|milan|napoli|torino|palermo|genova|bologna|firenze|venezia|warszawa|krakow|lodz|wroclaw|poznan|gdansk|praha|brno|ostrava|plzen|bratislava|kosice|budapest|debrecen|szeged|stockholm|goteborg|malmo|uppsala|oslo|bergen|trondheim|stavanger|kobenhavn|copenhagen|aarhus|odense|aalborg|helsinki|espoo|tampere|turku|oulu|reykjavik|tallinn|tartu|riga|daugavpils|vilnius|kaunas|bucuresti|cluj-napoca|iasi|timisoara|sofia|plovdiv|varna|athina|athens|thessaloniki|patra|zagreb|split|rijeka|ljubljana|maribor|beograd|belgrade|novi sad|istanbul|ankara|izmir|bursa|antalya|moskva|moscow|sankt-peterburg|kyiv|kiev|tel aviv|jerusalem|haifa|mumbai|delhi|bangalore|bengaluru|chennai|kolkata|hyderabad|pune|beijing|shanghai|guangzhou|shenzhen|tokyo|osaka|nagoya|sapporo|fukuoka|kyoto|yokohama|seoul|busan|incheon|daegu|singapore|bangkok|chiang mai|kuala lumpur|penang|johor bahru|jakarta|manila|johannesburg|cape town|durban|pretoria|cairo|lagos|nairobi|sao paulo|rio de janeiro|brasilia|salvador|fortaleza|belo horizonte|curitiba|porto alegre|buenos aires|cordoba|rosario|mendoza|santiago|valparaiso|quito|guayaquil|ciudad de mexico|mexico city|guadalajara|monterrey|puebla|tijuana|bogota|lima`.split(
    '|',
  ),
);

export const isKnownCity = (text: string): boolean => cities.has(plain(text).trim());
