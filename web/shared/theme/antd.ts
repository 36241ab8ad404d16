import type { ThemeConfig } from 'antd'
import { colour, fontFamily, radius, size } from './tokens.ts'

export const antdTheme: ThemeConfig = {
  token: {
    colorPrimary: colour.brand,
    colorInfo: colour.running,
    colorSuccess: colour.verified,
    colorWarning: colour.dueSoon,
    colorError: colour.overdue,
    colorLink: colour.brand,
    colorText: colour.ink,
    colorTextSecondary: colour.inkSoft,
    colorTextTertiary: colour.inkFaint,
    colorTextDescription: colour.inkSoft,
    colorTextPlaceholder: colour.inkFaint,
    colorBgLayout: colour.paper,
    colorBorder: colour.lineStrong,
    colorBorderSecondary: colour.line,
    borderRadius: radius.small,
    fontSize: size.desk,
    fontFamily,
    controlHeight: 34,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
    wireframe: false,
  },
  components: {
    Table: {
      headerBg: colour.surface,
      headerColor: colour.inkSoft,
      headerSplitColor: 'transparent',
      rowHoverBg: colour.brandSoft,
      cellPaddingBlock: 11,
    },
    Menu: {
      itemBg: 'transparent',
      itemSelectedBg: colour.brandSoft,
      itemSelectedColor: colour.brandDeep,
      itemHeight: 38,
    },
    Layout: { siderBg: colour.surface, headerBg: colour.surface, bodyBg: colour.paper },
    Card: { paddingLG: 20 },
  },
}
