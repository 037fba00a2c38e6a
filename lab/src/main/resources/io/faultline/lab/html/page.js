(() => {
  'use strict';

  // How numbers are written on axes and in tips: three digits, with their unit, as the tables do.
  const digits = (value) => String(Number(value.toPrecision(3)));
  const scaled = (value, base, prefixes) => {
    let step = 0;
    while (Math.abs(value) >= base * 0.9995 && step < prefixes.length - 1) { value /= base; step++; }
    return digits(value) + prefixes[step];
  };
  const FORMATS = {
    COUNT: (value) => Math.abs(value) < 10000 ? Number(value.toPrecision(4)).toLocaleString('en') : scaled(value, 1000, ['', ' k', ' M', ' G', ' T']),
    NANOS: (value) => scaled(value, 1000, [' ns', ' \u00b5s', ' ms', ' s']),
    BYTES: (value) => scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']),
    PER_SECOND: (value) => scaled(value, 1000, ['', ' k', ' M', ' G', ' T']) + '/s',
    SHARE: (value) => digits(value * 100) + ' %',
    RATIO: (value) => digits(value),
  };
  const format = (axis, value) => value === null || value === undefined || Number.isNaN(value) ? '\u2013'
    : value === 0 && axis.measure !== 'SHARE' ? '0' : FORMATS[axis.measure](value);

  const DASHES = ['solid', [7, 4], [2, 3], [9, 3, 2, 3]];
  const SYMBOLS = ['circle', 'triangle', 'rect', 'diamond', 'roundRect', 'pin'];
  const TEXT = 12;
  const ROW = 22;
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const seriesColor = (series, index) => color(series.muted ? '--muted' : `--series-${index % 6 + 1}`);

  // How wide a text is, so that legends and labels get the room they need.
  const pen = document.createElement('canvas').getContext('2d');
  // One that the library measures as it is drawn.
  const FONT = 'sans-serif';
  const textWidth = (text) => { pen.font = `${TEXT}px ${FONT}`; return pen.measureText(text).width; };

  const legendRows = (names, width) => {
    let rows = 1;
    let used = 0;
    for (const name of names) {
      const needed = textWidth(name) + 25 + 5 + 14;
      if (used > 0 && used + needed > width) { rows++; used = 0; }
      used += needed;
    }
    return rows;
  };

  const legend = (names) => ({
    show: names.length > 1, data: names, top: 4, left: 0, padding: 0, itemWidth: 25, itemGap: 14,
    textStyle: { color: color('--text'), fontSize: TEXT },
  });

  // No label where an axis ends at no round number, but for these.
  const maxLabel = (from, extra) => extra.topless ? false
    : from.to === undefined || isNarrow(from) ? null : Boolean(extra.ends);
  // A logarithmic axis has labels at powers of ten only, so a short one needs those at its ends.
  const isNarrow = (from) => from.log && from.to !== undefined && from.to / from.from < 100;

  const axis = (from, extra) => {
    const log = from.log ? { type: 'log', minorSplitLine: { show: false } } : { type: 'value' };
    // What does not fall on a round number would stand too near to what does.
    const ends = from.log || from.to === undefined ? {} : { interval: from.to / 4 };
    return {
      ...log, ...(extra.ends ? ends : {}), min: from.from, max: from.to, name: from.title,
      nameTextStyle: { color: color('--soft'), fontSize: TEXT },
      axisLabel: { color: color('--text'), fontSize: TEXT, hideOverlap: true, formatter: (value) => format(from, value),
        showMinLabel: from.log && from.from !== undefined && !isNarrow(from) ? false : null, showMaxLabel: maxLabel(from, extra) },
      axisLine: { show: true, lineStyle: { color: color('--muted') } },
      axisTick: { show: true, lineStyle: { color: color('--muted') } },
      splitLine: { lineStyle: { color: color('--grid') } },
      ...extra,
    };
  };
  const across = (from, width) => axis(from, {
    nameLocation: 'middle', nameGap: 30, splitNumber: width < 450 ? 3 : 6, splitLine: { show: false },
  });
  const upwards = (from, lying) => axis(from, {
    nameLocation: 'end', nameGap: 12, splitNumber: 4, ends: true,
    nameTextStyle: { color: color('--soft'), fontSize: TEXT, align: 'left' },
    ...(lying.length > 0 ? { max: (data) => Math.max(data.max, 1.15 * Math.max(...lying)) } : {}),
    topless: lying.length > 0,
  });

  const tip = (formatter, trigger) => ({
    trigger, renderMode: 'richText', confine: true, formatter, backgroundColor: color('--raised'),
    borderColor: color('--edge'), textStyle: { color: color('--text'), fontSize: TEXT },
    axisPointer: { lineStyle: { color: color('--soft') }, label: { show: false } },
  });

  const base = (top) => ({
    animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: FONT },
    grid: { left: 10, right: 22, top, bottom: 34, containLabel: true },
  });

  // Labels of lines that stand close together go one above the other.
  const marks = (chart, ink) => {
    const standing = chart.marks.filter((mark) => mark.vertical);
    return {
      silent: true, symbol: 'none', animation: false,
      data: chart.marks.map((mark) => {
        const place = standing.indexOf(mark);
        const value = mark.vertical ? chart.x : chart.y;
        return {
          [mark.vertical ? 'xAxis' : 'yAxis']: mark.at,
          lineStyle: { color: ink, type: mark.vertical ? 'dashed' : [8, 3], width: 1.5 },
          label: {
            formatter: `${mark.label} ${format(value, mark.at)}`, color: ink, fontSize: TEXT,
            position: mark.vertical ? 'end' : 'insideStartTop', distance: mark.vertical ? 2 + 15 * place : 3,
            align: mark.vertical ? sideOf(chart.x, mark.at, chart.extent) : undefined,
          },
        };
      }),
    };
  };

  // On which side of its line a label has room.
  const sideOf = (x, at, [from, to]) => {
    const part = x.log ? Math.log(at / from) / Math.log(to / from) : (at - from) / (to - from);
    return part > 0.75 ? 'right' : part < 0.25 ? 'left' : 'center';
  };

  const extentOf = (chart) => {
    const xs = chart.series.flatMap((one) => one.xs).concat(chart.marks.filter((mark) => mark.vertical).map((mark) => mark.at))
      .filter((x) => x !== null && (!chart.x.log || x > 0));
    return [chart.x.from ?? Math.min(...xs), chart.x.to ?? Math.max(...xs)];
  };

  const DRAW = {
    xy(chart, width) {
      chart.extent = extentOf(chart);
      const [from, to] = chart.extent;
      const names = chart.series.map((one) => one.name);
      const standing = chart.marks.filter((mark) => mark.vertical).length;
      const rows = names.length > 1 ? legendRows(names, width) : 0;
      const points = chart.series.every((one) => one.look === 'POINTS');
      const xAxis = { ...across(chart.x, width), ...(points ? {} : { min: from, max: to }) };
      const below = (index, point) => chart.series.slice(0, index + 1)
        .reduce((sum, one) => sum + (one.look === 'STACKED' ? one.ys[point] : 0), 0);
      const series = chart.series.map((one, index) => {
        const ink = seriesColor(one, index);
        const filled = one.look === 'STACKED' || one.look === 'STEP' && chart.series.length === 1;
        return {
          name: one.name, type: one.look === 'POINTS' ? 'scatter' : 'line', color: ink, connectNulls: true,
          // The library stacks over categories only: each area goes down to 0, the lower ones drawn over the higher.
          data: one.xs.map((x, point) => [x, one.look === 'STACKED' ? below(index, point) : one.ys[point], one.ys[point]]),
          z: one.look === 'STACKED' ? 20 - index : 2, step: one.look === 'STEP' ? 'end' : undefined,
          symbol: one.look === 'POINTS' ? SYMBOLS[index % SYMBOLS.length] : 'none', symbolSize: 10,
          lineStyle: { width: filled ? 1 : 2, color: one.look === 'STACKED' ? color('--ground') : ink, type: filled ? 'solid' : DASHES[index % DASHES.length] },
          areaStyle: filled ? { opacity: one.look === 'STACKED' ? 1 : 0.45, color: ink } : undefined,
          markLine: index === 0 && chart.marks.length > 0 ? marks(chart, color('--text')) : undefined,
        };
      });
      const say = (items) => [`${chart.x.title} ${format(chart.x, items[0].value[0])}`]
        .concat(items.map((item) => `${item.seriesName}: ${format(chart.y, item.value[2])}`)).join('\n');
      return {
        ...base(rows * ROW + standing * 15 + 34), legend: legend(names),
        tooltip: points ? tip((item) => `${item.seriesName}\n${say([item])}`, 'item') : tip(say, 'axis'),
        xAxis, yAxis: upwards(chart.y, chart.marks.filter((mark) => !mark.vertical).map((mark) => mark.at)), series,
      };
    },

    bars(chart, width) {
      const names = chart.series.map((one) => one.name);
      const rows = names.length > 1 ? legendRows(names, width) : 0;
      return {
        ...base(rows * ROW + 12), legend: legend(names),
        grid: { ...base(rows * ROW + 12).grid, right: chart.stacked ? 22 : 62 },
        tooltip: tip((items) => [items[0].name].concat(
          items.map((item) => `${item.seriesName}: ${format(chart.x, item.value)}`)).join('\n'), 'axis'),
        xAxis: across(chart.x, width),
        yAxis: {
          type: 'category', data: chart.rows, inverse: true,
          axisLabel: { color: color('--text'), fontSize: TEXT, interval: 0 },
          axisLine: { lineStyle: { color: color('--muted') } }, axisTick: { show: false },
        },
        series: chart.series.map((one, index) => ({
          name: one.name, type: 'bar', color: seriesColor(one, index), data: one.lengths,
          stack: chart.stacked ? 'all' : undefined, barMaxWidth: 26,
          itemStyle: { borderColor: color('--ground'), borderWidth: chart.stacked ? 1 : 0 },
          label: { show: !chart.stacked, position: 'right', color: color('--text'), fontSize: TEXT,
            formatter: (item) => format(chart.x, item.value) },
        })),
      };
    },

    heat(chart) {
      const cells = chart.cells.flatMap((line, row) => line.map((cell, column) => [column, row, cell]));
      const known = cells.map((cell) => cell[2]).filter((cell) => cell !== null);
      const names = (title, data, extra) => ({
        type: 'category', data, name: title, splitArea: { show: false }, axisTick: { show: false },
        nameTextStyle: { color: color('--soft'), fontSize: TEXT, align: extra.align },
        axisLabel: { color: color('--text'), fontSize: TEXT, interval: 0, hideOverlap: true }, ...extra,
      });
      const top = base(30);
      return {
        ...top, grid: { ...top.grid, bottom: 78 },
        tooltip: tip((item) => `${chart.across} ${chart.columns[item.value[0]]}\n${chart.upwards} `
          + `${chart.rows[item.value[1]]}\n${chart.value.title} ${format(chart.value, item.value[2])}`, 'item'),
        xAxis: names(chart.across, chart.columns, { nameLocation: 'middle', nameGap: 28 }),
        yAxis: names(chart.upwards, chart.rows, { nameLocation: 'end', nameGap: 12, align: 'left' }),
        visualMap: {
          min: chart.value.from ?? Math.min(...known), max: chart.value.to ?? Math.max(...known), calculable: false,
          orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 140, itemWidth: 12,
          text: [`${chart.value.title} ${format(chart.value, chart.value.to ?? Math.max(...known))}`,
            format(chart.value, chart.value.from ?? Math.min(...known))],
          inRange: { color: [color('--low'), color('--high')] }, textStyle: { color: color('--text'), fontSize: TEXT },
        },
        series: [{
          type: 'heatmap', data: cells.filter((cell) => cell[2] !== null),
          itemStyle: { borderColor: color('--ground'), borderWidth: 1 },
        }],
      };
    },
  };

  const drawn = [];
  for (const figure of document.querySelectorAll('figure.chart')) {
    const place = figure.querySelector('.drawing');
    const chart = { marks: [], ...JSON.parse(figure.querySelector('script').textContent) };
    if (chart.kind === 'bars') {
      place.style.height = `${Math.max(170, 80 + chart.rows.length * (chart.stacked ? 30 : 20 + 14 * chart.series.length))}px`;
    }
    const redraw = () => {
      if (place.clientWidth > 0) {
        const instance = echarts.getInstanceByDom(place) ?? echarts.init(place, null, { renderer: 'svg' });
        instance.resize();
        instance.setOption(DRAW[chart.kind](chart, place.clientWidth), true);
      }
    };
    drawn.push(redraw);
    new ResizeObserver(redraw).observe(place);
  }
  const redrawAll = () => drawn.forEach((redraw) => redraw());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);
  redrawAll();
})();
